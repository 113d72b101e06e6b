// The queue, and its form in the browser's storage.
#include "wasm-client/state/outbox.hpp"

#include "shared/protocol/codec.hpp"
#include "wasm-client/state/personal.hpp"

#include <algorithm>
#include <charconv>
#include <type_traits>
#include <utility>

namespace parley::state {
namespace {

constexpr std::size_t time_digits = 11;  // until the year 2527
constexpr std::size_t random_digits = 16;
constexpr char record_sign = '~';
constexpr std::string_view transmitted_line = "transmitted";

void append_hex(std::string& out, std::uint64_t value, std::size_t digits) {
    for (std::size_t i = digits; i-- > 0;) out += "0123456789abcdef"[value >> (4 * i) & 15];
}

// A message that nobody has edited has its own seq as `rev`.
void set_target(protocol::request& request, std::uint64_t seq) {
    std::visit(
        [seq](auto& known) {
            if constexpr (requires { known.target; }) known.target = seq;
            if constexpr (requires { known.base; }) known.base = seq;
        },
        request);
}

}  // namespace

std::string nonce_of(const protocol::request& request) {
    return std::visit(
        [](const auto& known) -> std::string {
            if constexpr (protocol::keeps_record<std::decay_t<decltype(known)>>)
                return record_nonce(known.record());
            else if constexpr (requires { known.nonce.value(); })
                return known.nonce.value_or("");
            else if constexpr (requires { known.nonce; })
                return known.nonce;
            else
                return {};
        },
        request);
}

std::string record_nonce(const protocol::personal_body& record) {
    return record_sign + std::string(protocol::kind_of(record)) + " " + protocol::key_of(record);
}

protocol::personal_body record_in(const protocol::request& request) {
    return std::visit(
        [](const auto& known) -> protocol::personal_body {
            if constexpr (protocol::keeps_record<std::decay_t<decltype(known)>>)
                return known.record();
            else
                return protocol::unknown_kind{};
        },
        request);
}

void set_nonce(protocol::request& request, const std::string& nonce) {
    std::visit(
        [&](auto& known) {
            if constexpr (requires { known.nonce; }) known.nonce = nonce;
        },
        request);
}

std::string unsent::nonce() const { return is_record() ? record_nonce(record) : nonce_of(request); }

std::string unsent::room() const {
    return std::visit(
        [](const auto& known) -> std::string {
            if constexpr (requires { known.room; })
                return known.room;
            else
                return {};
        },
        request);
}

std::uint64_t unsent::target() const {
    return std::visit(
        [](const auto& known) -> std::uint64_t {
            if constexpr (requires { known.target; })
                return known.target;
            else
                return 0;
        },
        request);
}

bool outbox::add(unsent deed) {
    deed.record = record_in(deed.request);
    if (unsent* const known = find(deed.nonce())) {
        if (!known->is_record() || is_same(known->record, deed.record)) return true;
        deed.state = known->state;
        *known = std::move(deed);
        return true;
    }
    if (is_full_for(deed)) return false;
    const auto later = [&](const unsent& other) { return other.nonce() > deed.nonce(); };
    const auto place = std::find_if(messages_.begin(), messages_.end(), later);
    messages_.insert(place, std::move(deed));
    changed();
    return true;
}

unsent* outbox::next() {
    unsent* first = nullptr;
    for (unsent& deed : messages_) {
        if (deed.state == delivery::in_flight) return nullptr;
        if (deed.state == delivery::waiting && deed.target_nonce.empty() && !first) first = &deed;
    }
    return first;
}

unsent* outbox::find(std::string_view nonce) {
    return const_cast<unsent*>(std::as_const(*this).find(nonce));
}

const unsent* outbox::find(std::string_view nonce) const {
    const auto it = std::find_if(messages_.begin(), messages_.end(),
                                 [&](const auto& deed) { return deed.nonce() == nonce; });
    return it == messages_.end() ? nullptr : &*it;
}

bool outbox::remove(std::string_view nonce) {
    return std::erase_if(messages_, [&](const auto& deed) { return deed.nonce() == nonce; }) > 0;
}

std::vector<std::string> outbox::resolve(std::string_view nonce, std::uint64_t seq) {
    std::vector<std::string> nonces = depending_on(nonce);
    for (const std::string& each : nonces) {
        unsent& deed = *find(each);
        deed.target_nonce.clear();
        set_target(deed.request, seq);
    }
    changed();
    return nonces;
}

std::vector<std::string> outbox::depending_on(std::string_view nonce) const {
    std::vector<std::string> nonces;
    for (const unsent& deed : messages_)
        if (deed.target_nonce == nonce) nonces.push_back(deed.nonce());
    return nonces;
}

void outbox::connection_lost() {
    std::erase_if(messages_, [](const unsent& deed) { return deed.overtaken; });
    for (unsent& deed : messages_)
        if (deed.state == delivery::in_flight) deed.state = delivery::waiting;
}

void outbox::shown_until(std::string_view room, std::uint64_t top) {
    std::erase_if(messages_, [&](const unsent& deed) {
        return deed.state == delivery::committed && deed.room() == room && deed.seq <= top;
    });
}

std::size_t outbox::unfinished() const {
    const auto open = [](const unsent& deed) { return deed.state != delivery::committed; };
    return static_cast<std::size_t>(std::count_if(messages_.begin(), messages_.end(), open));
}

std::size_t outbox::unfinished_records() const {
    const auto is_record = [](const unsent& deed) { return deed.is_record(); };
    return static_cast<std::size_t>(std::count_if(messages_.begin(), messages_.end(), is_record));
}

bool outbox::is_full_for(const unsent& deed) const {
    const std::size_t records = unfinished_records();
    if (!deed.is_record()) return unfinished() - records >= unsent_max;
    return records >= unsent_records_max && !protocol::is_gone(deed.record);
}

void outbox::check_invariants() const {
    std::string last;
    std::size_t in_flight = 0;
    for (const unsent& deed : messages_) {
        ensure(last < deed.nonce());
        last = deed.nonce();
        in_flight += deed.state == delivery::in_flight ? 1 : 0;
        ensure(deed.target_nonce.empty() ||
               (deed.target() == 0 && deed.state == delivery::waiting));
    }
    ensure(in_flight <= 1);
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

std::string storage_key(std::string_view user, std::string_view nonce, std::string_view tab) {
    const std::string key = storage_key(user, nonce);
    return nonce.starts_with(record_sign) ? key + "/" + std::string(tab) : key;
}

std::string to_stored(const unsent& deed) {
    std::string text = protocol::encode(deed.request);
    if (deed.is_record() && deed.transmitted) return text + "\n" + std::string(transmitted_line);
    return deed.target_nonce.empty() ? text : text + "\n" + deed.target_nonce;
}

std::optional<unsent> from_stored(std::string_view text) {
    const std::size_t line = text.find('\n');
    const auto read = protocol::decode_request(text.substr(0, line));
    const auto* const request = std::get_if<protocol::request>(&read);
    if (!request || nonce_of(*request).empty()) return std::nullopt;
    const std::string_view more = line == text.npos ? std::string_view() : text.substr(line + 1);
    unsent deed{.request = *request, .transmitted = true, .record = record_in(*request)};
    if (deed.is_record())
        deed.transmitted = more == transmitted_line;
    else
        deed.target_nonce = more;
    deed.at_ms = time_of_nonce(deed.nonce());
    return deed;
}

}  // namespace parley::state
