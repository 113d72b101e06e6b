// What this person did and what is not yet known to be on the server's disk, in the order in which
// they did it: messages, changes of messages, rooms created, joined and left. Only one is in flight
// at a time: with more, the second could overtake a first one that the server refuses with `rate`.
//
// Invariants, checked after every change in debug and sanitizer builds and by the simulation:
// 1. The nonces ascend, so each is there once.
// 2. At most one is in flight.
// 3. One whose target is not known by its seq names a message by `target_nonce`, and is not sent.
#pragma once

#include "shared/ensure.hpp"
#include "shared/protocol/messages.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace parley::state {

// More than a person does during an outage, and far below the limit of localStorage.
inline constexpr std::size_t unsent_max = 50;

enum class delivery : std::uint8_t {
    waiting,    // to be sent when its turn comes
    in_flight,  // sent, no answer yet
    committed,  // on disk; its event is on the way
    failed      // refused; the person retries or discards it
};

// A request that has a nonce: a resend changes nothing.
struct unsent {
    protocol::request request{};
    std::string target_nonce{};  // of the own message that it changes, until its seq is known
    std::uint64_t at_ms = 0;     // when it was done; of a message from the commit on, the server's
    delivery state = delivery::waiting;
    bool transmitted = false;  // perhaps the server has it: the nonce stands for this content
    std::uint64_t seq = 0;     // once committed
    std::string problem{};     // why it failed, for people

    std::string room() const;
    std::string nonce() const;
    const protocol::send* message() const { return std::get_if<protocol::send>(&request); }
    protocol::send* message() { return std::get_if<protocol::send>(&request); }
    // The seq of the message that it changes; 0: none, or not yet known.
    std::uint64_t target() const;
    // A change of what the person keeps.
    bool is_record() const;
    // Whether its content may still be another.
    bool is_open() const { return !transmitted || state == delivery::failed; }
};

class outbox {
public:
    // False when the outbox is full. What has a nonce that is there already is not added again; of
    // a record, what it says now takes the place of what waited.
    bool add(unsent deed);

    // The next one to send; null while another is in flight.
    unsent* next();
    unsent* find(std::string_view nonce);
    const unsent* find(std::string_view nonce) const;
    bool remove(std::string_view nonce);

    // The message with this nonce has this seq now. Returns the nonces of what changes it.
    std::vector<std::string> resolve(std::string_view nonce, std::uint64_t seq);
    // What changes the message with this nonce.
    std::vector<std::string> depending_on(std::string_view nonce) const;

    // What was in flight has to be sent again.
    void connection_lost();
    // Drops what was committed and what the room's log now shows, up to and including `top`.
    void shown_until(std::string_view room, std::uint64_t top);

    const std::vector<unsent>& messages() const { return messages_; }
    std::size_t unfinished() const;

    void check_invariants() const;

private:
    void changed() const {
        if constexpr (invariants_are_checked) check_invariants();
    }

    std::vector<unsent> messages_;
};

// The nonce of a request; empty: it has none. A change of a record is known by its kind and key,
// behind a sign that sorts after all nonces.
std::string nonce_of(const protocol::request& request);
// The record that a request leaves; unknown_kind: it leaves none.
protocol::personal_body record_in(const protocol::request& request);
void set_nonce(protocol::request& request, const std::string& nonce);

// Nonces sort by the time of writing: 11 hex digits of milliseconds, then 16 random ones. So the
// nonce of a stored message gives its time and its position.
std::string make_nonce(std::uint64_t at_ms, std::uint64_t random);
std::uint64_t time_of_nonce(std::string_view nonce);

// The key under which one of them is stored, so that two tabs never overwrite each other.
std::string storage_prefix(std::string_view user);
std::string storage_key(std::string_view user, std::string_view nonce);
// The stored value is the request, encoded by the protocol's codec; a line with the nonce of its
// target follows while that is all that is known of the target.
std::string to_stored(const unsent& deed);
std::optional<unsent> from_stored(std::string_view text);

}  // namespace parley::state
