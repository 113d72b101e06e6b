// What a connection carries: the one list of kinds and of their words in logs and metrics.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace parley::http {

// `parley`: messages of the subprotocol parley.1. `plain`: lines of plain text. `echo`: /echo.
enum class wire_kind : std::uint8_t { http, parley, plain, echo };

inline constexpr std::array<std::string_view, 4> wire_kind_words{"http", "parley", "plain", "echo"};
static_assert(wire_kind_words.size() == static_cast<std::size_t>(wire_kind::echo) + 1);

constexpr std::string_view word_of(wire_kind kind) {
    return wire_kind_words[static_cast<std::size_t>(kind)];
}

}  // namespace parley::http
