// Questions about one line of a text: how far it is indented, and whether it begins a block. A tab
// counts as four columns.
#pragma once

#include "shared/markup/pieces.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace parley::markup {

inline constexpr std::size_t tab_columns = 4;
inline constexpr std::size_t indent_max = 3;  // before a sign that begins a block

struct indent {
    std::size_t columns, bytes;
};

indent indent_of(std::string_view line);
// The bytes of its indent that make up at most so many columns.
std::size_t bytes_of_columns(std::string_view line, std::size_t columns);
bool is_blank(std::string_view line);

// These read a line without its indent.

struct list_sign {
    std::size_t digits;  // 0: a bullet
    std::size_t bytes;   // with the blank after it
};
// A bullet or a number before text.
std::optional<list_sign> list_sign_of(std::string_view line);

// Bytes of a quote's sign, with the blank after it, or 0.
std::size_t quote_sign_bytes(std::string_view line);

// 1 to 3, or 0.
std::size_t heading_level(std::string_view line);

struct fence_sign {
    char sign;
    std::size_t ticks;
    std::string_view language;
};
std::optional<fence_sign> fence_sign_of(std::string_view line);
bool closes_fence(std::string_view line, char sign, std::size_t ticks);

// The cells of a row, at most `columns_max`: the last one has the rest. None if there is no bar.
std::vector<std::string_view> cells_of(std::string_view line, std::size_t columns_max);
// Columns of the row of dashes below a table's header, or 0.
std::size_t delimiter_columns(std::string_view line);

}  // namespace parley::markup
