// The queue of unsent messages, and their form in the browser's storage.
#include "wasm-client/state/outbox.hpp"

#include "shared/protocol/codec.hpp"

#include <algorithm>
#include <charconv>

namespace parley::state {
namespace {

constexpr std::size_t time_digits = 11;  // until the year 2527
constexpr std::size_t random_digits = 16;

void append_hex(std::string& out, std::uint64_t value, std::size_t digits) {
    for (std::size_t i = digits; i-- > 0;) out += "0123456789abcdef"[value >> (4 * i) & 15];
}

}  // namespace

bool outbox::add(unsent message) {
    if (find(message.nonce)) return true;
    if (unfinished() >= unsent_max) return false;
    const auto later = [&](const unsent& other) { return other.nonce > message.nonce; };
    messages_.insert(std::find_if(messages_.begin(), messages_.end(), later), std::move(message));
    return true;
}

unsent* outbox::next() {
    unsent* first = nullptr;
    for (unsent& message : messages_) {
        if (message.state == delivery::in_flight) return nullptr;
        if (message.state == delivery::waiting && !first) first = &message;
    }
    return first;
}

unsent* outbox::find(std::string_view nonce) {
    const auto it =
        std::find_if(messages_.begin(), messages_.end(), [&](auto& m) { return m.nonce == nonce; });
    return it == messages_.end() ? nullptr : &*it;
}

bool outbox::remove(std::string_view nonce) {
    return std::erase_if(messages_, [&](const unsent& message) { return message.nonce == nonce; }) >
           0;
}

void outbox::connection_lost() {
    for (unsent& message : messages_)
        if (message.state == delivery::in_flight) message.state = delivery::waiting;
}

void outbox::shown_until(std::string_view room, std::uint64_t top) {
    std::erase_if(messages_, [&](const unsent& message) {
        return message.state == delivery::committed && message.room == room && message.seq <= top;
    });
}

std::size_t outbox::unfinished() const {
    const auto open = [](const unsent& message) { return message.state != delivery::committed; };
    return static_cast<std::size_t>(std::count_if(messages_.begin(), messages_.end(), open));
}

std::string make_nonce(std::uint64_t at_ms, std::uint64_t random) {
    std::string nonce;
    append_hex(nonce, at_ms, time_digits);
    append_hex(nonce, random, random_digits);
    return nonce;
}

std::uint64_t time_of_nonce(std::string_view nonce) {
    std::uint64_t at_ms = 0;
    const auto digits = nonce.substr(0, time_digits);
    std::from_chars(digits.data(), digits.data() + digits.size(), at_ms, 16);
    return at_ms;
}

std::string storage_prefix(std::string_view user) {
    return "parley/unsent/" + std::string(user) + "/";
}

std::string storage_key(std::string_view user, std::string_view nonce) {
    return storage_prefix(user) + std::string(nonce);
}

std::string to_stored(const unsent& message) {
    return protocol::encode(protocol::send{.id = 0,
                                           .room = message.room,
                                           .nonce = message.nonce,
                                           .text = message.text,
                                           .reply_to = {}});
}

std::optional<unsent> from_stored(std::string_view text) {
    const auto read = protocol::decode_request(text);
    const auto* request = std::get_if<protocol::request>(&read);
    const auto* message = request ? std::get_if<protocol::send>(request) : nullptr;
    if (!message) return std::nullopt;
    return unsent{.room = message->room,
                  .nonce = message->nonce,
                  .text = message->text,
                  .at_ms = time_of_nonce(message->nonce),
                  .state = delivery::waiting,
                  .seq = 0,
                  .problem = {}};
}

}  // namespace parley::state
