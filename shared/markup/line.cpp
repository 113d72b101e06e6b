// Every function looks at a line once.
#include "shared/markup/line.hpp"

#include "shared/protocol/ascii.hpp"

#include <algorithm>

namespace parley::markup {
namespace {

namespace ascii = protocol::ascii;

bool is_blank_byte(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::size_t run_of(std::string_view line, char sign) {
    return std::min(line.find_first_not_of(sign), line.size());
}

std::string_view trimmed(std::string_view line) {
    while (!line.empty() && is_blank_byte(line.front())) line.remove_prefix(1);
    while (!line.empty() && is_blank_byte(line.back())) line.remove_suffix(1);
    return line;
}

// "***", "- - -": in documents a rule; in a chat it is shown as it was typed.
bool is_rule(std::string_view line) {
    const char sign = line.front();
    const auto belongs = [&](char c) { return c == sign || is_blank_byte(c); };
    return std::all_of(line.begin(), line.end(), belongs) &&
           std::count(line.begin(), line.end(), sign) >= 3;
}

bool is_language_byte(char c) {
    return ascii::is_lower(ascii::to_lower(c)) || ascii::is_digit(c) ||
           std::string_view("+#.-_").find(c) != std::string_view::npos;
}

// Where the cell that begins at `at` ends: at the next bar that no backslash stands before.
std::size_t end_of_cell(std::string_view row, std::size_t at) {
    while (at < row.size() && row[at] != '|') at += row[at] == '\\' ? 2 : 1;
    return std::min(at, row.size());
}

bool is_delimiter(std::string_view cell) {
    if (!cell.empty() && cell.front() == ':') cell.remove_prefix(1);
    if (!cell.empty() && cell.back() == ':') cell.remove_suffix(1);
    return !cell.empty() && run_of(cell, '-') == cell.size();
}

}  // namespace

indent indent_of(std::string_view line) {
    indent indent{.columns = 0, .bytes = 0};
    while (indent.bytes < line.size() && is_blank_byte(line[indent.bytes]))
        indent.columns += line[indent.bytes++] == '\t' ? tab_columns : 1;
    return indent;
}

std::size_t bytes_of_columns(std::string_view line, std::size_t columns) {
    std::size_t bytes = 0;
    for (std::size_t passed = 0; passed < columns && bytes < line.size(); ++bytes) {
        if (!is_blank_byte(line[bytes])) break;
        passed += line[bytes] == '\t' ? tab_columns : 1;
    }
    return bytes;
}

bool is_blank(std::string_view line) { return trimmed(line).empty(); }

std::optional<list_sign> list_sign_of(std::string_view line) {
    if (line.empty() || is_rule(line)) return std::nullopt;
    std::size_t digits = 0;
    while (digits < line.size() && digits < list_digits_max && ascii::is_digit(line[digits]))
        ++digits;
    if (digits > 1 && line[0] == '0') return std::nullopt;  // it would be shown without its zeros
    const std::string_view signs = digits > 0 ? "." : "-*+";
    const std::string_view rest = line.substr(digits);
    if (rest.size() < 2 || signs.find(rest[0]) == signs.npos || !is_blank_byte(rest[1]) ||
        is_blank(rest.substr(1)))
        return std::nullopt;
    return list_sign{.digits = digits, .bytes = digits + 2};
}

std::size_t quote_sign_bytes(std::string_view line) {
    if (line.empty() || line[0] != '>') return 0;
    return line.size() > 1 && is_blank_byte(line[1]) ? 2 : 1;
}

std::size_t heading_level(std::string_view line) {
    const std::size_t level = run_of(line, '#');
    const bool stands_apart = level < line.size() && is_blank_byte(line[level]);
    return level <= 3 && stands_apart && !is_blank(line.substr(level)) ? level : 0;
}

// What follows a fence is one word, the language: otherwise the text would be lost of who begins
// the code right behind the ticks.
std::optional<fence_sign> fence_sign_of(std::string_view line) {
    if (line.empty() || (line[0] != '`' && line[0] != '~')) return std::nullopt;
    const std::size_t ticks = run_of(line, line[0]);
    const std::string_view language = trimmed(line.substr(ticks));
    if (ticks < 3 || language.size() > language_bytes_max ||
        !std::all_of(language.begin(), language.end(), is_language_byte))
        return std::nullopt;
    return fence_sign{.sign = line[0], .ticks = ticks, .language = language};
}

bool closes_fence(std::string_view line, char sign, std::size_t ticks) {
    const std::size_t run = run_of(line, sign);
    return run >= ticks && is_blank(line.substr(run));
}

std::vector<std::string_view> cells_of(std::string_view line, std::size_t columns_max) {
    std::vector<std::string_view> cells;
    std::string_view row = trimmed(line);
    if (row.find('|') == row.npos) return cells;
    if (row.front() == '|') row.remove_prefix(1);
    for (std::size_t begin = 0; begin < row.size() && cells.size() < columns_max;) {
        const bool is_last = cells.size() + 1 == columns_max;
        std::size_t end = end_of_cell(row, begin);
        if (is_last && end + 1 < row.size()) end = row.size();
        cells.push_back(trimmed(row.substr(begin, end - begin)));
        begin = end + 1;
    }
    return cells;
}

std::size_t delimiter_columns(std::string_view line) {
    const auto cells = cells_of(line, table_columns_max + 1);
    const bool delimits = std::all_of(cells.begin(), cells.end(), is_delimiter);
    return delimits && cells.size() <= table_columns_max ? cells.size() : 0;
}

}  // namespace parley::markup
