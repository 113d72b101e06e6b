// Requests by type and by what became of them: each is counted once, when it is answered.
#pragma once

#include "server/base/counter.hpp"
#include "shared/protocol/codes.hpp"
#include "shared/protocol/messages.hpp"

#include <array>
#include <cstddef>
#include <string_view>
#include <variant>

namespace parley::chat {

namespace detail {

template <class Set>
struct words_of;
template <class... Messages>
struct words_of<std::variant<Messages...>> {
    static constexpr std::array<std::string_view, sizeof...(Messages)> all{Messages::type...};
};

constexpr auto words_of_requests() {
    constexpr auto& over_both = words_of<protocol::request>::all;
    constexpr auto& over_http = words_of<protocol::account_request>::all;
    std::array<std::string_view, over_both.size() + over_http.size() + 2> all;
    std::size_t next = 0;
    for (const auto word : over_both) all[next++] = word;
    for (const auto word : over_http) all[next++] = word;
    all[next++] = "plain";
    all[next] = "unknown";
    return all;
}

}  // namespace detail

// What is declared, then what is not: lines of plain text, and whatever could not be read.
inline constexpr auto request_types = detail::words_of_requests();
inline constexpr std::size_t plain_line = request_types.size() - 2;
inline constexpr std::size_t unknown_request = request_types.size() - 1;

// The place of a declared type in that list.
constexpr std::size_t request_type(std::string_view word) {
    for (std::size_t i = 0; i < plain_line; ++i)
        if (request_types[i] == word) return i;
    return unknown_request;
}

class request_counters {
public:
    // "ok", then the error codes.
    static constexpr std::size_t outcomes = 1 + protocol::error_meanings.size();
    static constexpr std::string_view outcome(std::size_t which) {
        return which == 0 ? "ok" : protocol::error_meanings[which - 1].word;
    }

    void done(std::size_t type) { counts_[type][0].add(); }
    void refused(std::size_t type, protocol::error_code code) {
        counts_[type][1 + static_cast<std::size_t>(code)].add();
    }
    std::uint64_t value(std::size_t type, std::size_t outcome) const {
        return counts_[type][outcome].value();
    }

private:
    std::array<std::array<base::counter, outcomes>, request_types.size()> counts_;
};

}  // namespace parley::chat
