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
// Records are counted apart: there is one for each key. One that is gone is taken beyond this
// number, because there are no more of them than the person keeps.
inline constexpr std::size_t unsent_records_max = 100;

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
    protocol::personal_body record{};  // of a change of what the person keeps; set by the outbox
    bool overtaken = false;  // in flight, and the log has a change of this record since it was sent

    std::string room() const;
    std::string nonce() const;
    const protocol::send* message() const { return std::get_if<protocol::send>(&request); }
    protocol::send* message() { return std::get_if<protocol::send>(&request); }
    // The seq of the message that it changes; 0: none, or not yet known.
    std::uint64_t target() const;
    bool is_record() const { return !std::holds_alternative<protocol::unknown_kind>(record); }
    // Whether its content may still be another.
    bool is_open() const { return !transmitted || state == delivery::failed; }
};

class outbox {
public:
    // False when the outbox is full. What has a nonce that is there already is not added again. A
    // record takes the place of the one that waited under its key.
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

    // What was in flight has to be sent again, unless the log has overtaken it.
    void connection_lost();
    // Drops what was committed and what the room's log now shows, up to and including `top`.
    void shown_until(std::string_view room, std::uint64_t top);

    const std::vector<unsent>& messages() const { return messages_; }
    std::size_t unfinished() const;
    std::size_t unfinished_records() const;

    void check_invariants() const;

private:
    bool is_full_for(const unsent& deed) const;
    void changed() const {
        if constexpr (invariants_are_checked) check_invariants();
    }

    std::vector<unsent> messages_;
};

// The nonce of a request; empty: it has none.
std::string nonce_of(const protocol::request& request);
// A record is known by its kind and key, behind a sign that sorts after all nonces.
std::string record_nonce(const protocol::personal_body& record);
// The record that a request leaves; unknown_kind: it leaves none.
protocol::personal_body record_in(const protocol::request& request);
void set_nonce(protocol::request& request, const std::string& nonce);

// Nonces sort by the time of writing: 11 hex digits of milliseconds, then 16 random ones. So the
// nonce of a stored message gives its time and its position.
std::string make_nonce(std::uint64_t at_ms, std::uint64_t random);
std::uint64_t time_of_nonce(std::string_view nonce);

// The key under which one of them is stored, so that two tabs never overwrite each other. Both may
// change the same record: the key of a record ends with the name of the tab.
std::string storage_prefix(std::string_view user);
std::string storage_key(std::string_view user, std::string_view nonce);
std::string storage_key(std::string_view user, std::string_view nonce, std::string_view tab);
// The stored value is the request, encoded by the protocol's codec. A second line has the nonce of
// its target while that is all that is known of the target, or says that a record was transmitted.
std::string to_stored(const unsent& deed);
std::optional<unsent> from_stored(std::string_view text);

}  // namespace parley::state
