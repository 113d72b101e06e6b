// The messages that are not yet known to be on the server's disk, in the order in which they were
// written. Only one is in flight at a time: with more, the second could overtake a first one that
// the server refuses with `rate`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::state {

// More than a person writes during an outage, and far below the limit of localStorage.
inline constexpr std::size_t unsent_max = 50;

enum class delivery : std::uint8_t {
    waiting,    // to be sent when its turn comes
    in_flight,  // sent, no answer yet
    committed,  // on disk; its event is on the way
    failed      // refused; the person retries or discards it
};

struct unsent {
    std::string room;
    std::string nonce;
    std::string text;
    std::uint64_t at_ms = 0;  // when it was written; from the commit on, the server's time
    delivery state = delivery::waiting;
    std::uint64_t seq = 0;  // once committed
    std::string problem;    // why it failed, for people
};

class outbox {
public:
    // False when the outbox is full. A message whose nonce is there already is not added again.
    bool add(unsent message);

    // The next message to send; null while another is in flight.
    unsent* next();
    unsent* find(std::string_view nonce);
    bool remove(std::string_view nonce);

    // The message in flight has to be sent again.
    void connection_lost();
    // Drops the committed messages that the room's log now shows, up to and including `top`.
    void shown_until(std::string_view room, std::uint64_t top);

    const std::vector<unsent>& messages() const { return messages_; }
    std::size_t unfinished() const;

private:
    std::vector<unsent> messages_;
};

// Nonces sort by the time of writing: 11 hex digits of milliseconds, then 16 random ones. So the
// nonce of a stored message gives its time and its position.
std::string make_nonce(std::uint64_t at_ms, std::uint64_t random);
std::uint64_t time_of_nonce(std::string_view nonce);

// The key under which an unsent message is stored, one for each, so that two tabs never overwrite
// each other.
std::string storage_prefix(std::string_view user);
std::string storage_key(std::string_view user, std::string_view nonce);
// The stored value is the `send` request, encoded by the protocol's codec.
std::string to_stored(const unsent& message);
std::optional<unsent> from_stored(std::string_view text);

}  // namespace parley::state
