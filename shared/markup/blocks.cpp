// Each line first says which of the open quotes and lists it belongs to, then which it opens, and
// what is left of it is a line of a leaf: a fence, a heading, a table or a paragraph.
#include "shared/markup/blocks.hpp"

#include "shared/markup/line.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace parley::markup {
namespace {

constexpr std::size_t none = static_cast<std::size_t>(-1);

// Columns by which a line is further in than the sign of the item that it belongs to.
constexpr std::size_t item_indent_min = 2;

// A quote, or an item of a list, that is open.
struct container {
    std::size_t block;        // its index
    std::size_t list = none;  // of an item: the index of its list; none: a quote
    std::size_t column = 0;   // of an item: where its sign begins, inside the container around it
    std::size_t width = 0;    // of an item: columns up to its text
    bool is_quote() const { return list == none; }
};

class block_finder {
public:
    explicit block_finder(std::string_view text) : text_(text) {}

    blocks find() {
        while (at_ < text_.size()) take_line();
        if (open_ == 0) found_.open_fence = {.sign = fence_.sign, .ticks = fence_.ticks};
        close_leaf();
        close_containers(0);
        return std::move(found_);
    }

private:
    // ---- Lines. `at_` is where the rest of the line begins, behind what was read of it.

    std::string_view rest() const { return text_.substr(at_, line_end_ - at_); }
    void begin_line() {
        line_end_ = std::min(text_.find('\n', at_), text_.size());
        found_.steps += line_end_ - at_ + 1;
    }
    void next_line() { at_ = line_end_ + 1; }
    void skip_indent() { at_ += indent_of(rest()).bytes; }

    void take_line() {
        begin_line();
        const std::size_t matched = match_containers();
        if (leaf_is(piece_kind::fence) && matched == open_) return take_fence_line();
        if (is_blank(rest())) {
            close_leaf();
            close_containers(matched);
            return next_line();
        }
        if (matched < open_) {
            close_leaf();
            list_to_go_on_ = list_that_goes_on(matched);
            close_containers(matched);
        }
        while (open_ < block_depth_max && (open_quote() || open_item())) {
        }
        if (!begin_fence() && !take_heading() && !take_table()) take_paragraph_line();
        next_line();
    }

    // ---- Quotes and lists

    // How many of the open containers the line belongs to; moves behind their signs.
    std::size_t match_containers() {
        std::size_t matched = 0;
        while (matched < open_ && match(containers_[matched])) ++matched;
        return matched;
    }

    bool match(const container& container) {
        const auto [columns, bytes] = indent_of(rest());
        if (container.is_quote()) {
            const std::size_t sign = quote_sign_bytes(rest().substr(bytes));
            if (sign == 0 || columns > indent_max) return false;
            at_ += bytes + sign;
            return true;
        }
        if (is_blank(rest())) return true;
        if (columns < container.column + item_indent_min) return false;
        at_ += bytes_of_columns(rest(), container.width);
        return true;
    }

    // The list at this level, if the line is its next item; else `none`.
    std::size_t list_that_goes_on(std::size_t level) const {
        if (containers_[level].is_quote()) return none;
        const auto sign = list_sign_of(rest().substr(indent_of(rest()).bytes));
        const std::size_t list = containers_[level].list;
        return sign && found_.list[list].kind == kind_of(*sign) ? list : none;
    }

    static piece_kind kind_of(const list_sign& sign) {
        return sign.digits > 0 ? piece_kind::numbers : piece_kind::bullets;
    }

    void close_containers(std::size_t level) {
        while (open_ > level) {
            const container& last = containers_[--open_];
            end(last.block);
            if (!last.is_quote() && last.list != list_to_go_on_) end(last.list);
        }
    }

    bool open_quote() {
        const auto [columns, bytes] = indent_of(rest());
        const std::string_view line = rest().substr(bytes);
        const std::size_t sign = quote_sign_bytes(line);
        if (columns > indent_max || sign == 0 || is_blank(line.substr(sign))) return false;
        close_leaf();
        at_ += bytes;
        containers_[open_] = {.block = add(piece_kind::quote, inner_depth(), at_)};
        ++open_;
        at_ += sign;
        return true;
    }

    // Below an item people indent by as much as they like.
    bool open_item() {
        const auto [columns, bytes] = indent_of(rest());
        const auto sign = list_sign_of(rest().substr(bytes));
        const bool below_item = open_ > 0 && !containers_[open_ - 1].is_quote();
        if (!sign || (columns > indent_max && !below_item && list_to_go_on_ == none)) return false;
        close_leaf();
        at_ += bytes;
        std::size_t list = std::exchange(list_to_go_on_, none);
        if (list == none) list = add(kind_of(*sign), inner_depth(), at_);
        const std::size_t depth = found_.list[list].depth + 1u;
        containers_[open_] = {.block = add(piece_kind::item, depth, at_),
                              .list = list,
                              .column = columns,
                              .width = columns + sign->bytes};
        ++open_;
        if (sign->digits > 0) add(piece_kind::number, depth + 1, at_, at_ + sign->digits);
        at_ += sign->bytes;
        return true;
    }

    // ---- Fences, headings, paragraphs: blocks of lines

    bool leaf_is(piece_kind kind) const { return leaf_ != none && found_.list[leaf_].kind == kind; }

    void open_leaf(piece_kind kind) {
        close_leaf();
        leaf_ = add(kind, inner_depth(), at_);
    }

    void close_leaf() {
        if (leaf_ != none) end(leaf_);
        leaf_ = none;
        fence_ = {};
    }

    // The rest of the line belongs to the leaf.
    void add_line() {
        block& leaf = found_.list[leaf_];
        const range line = range_of(at_, line_end_);
        content_end_ = line_end_;
        if (leaf.lines == 0) leaf.first_line = static_cast<std::uint32_t>(found_.lines.size());
        if (leaf.lines > 0) {
            range& before = found_.lines.back();
            before.end += 1;  // its line feed
            if (before.end == line.begin) {
                before.end = line.end;
                return;
            }
        }
        found_.lines.push_back(line);
        ++leaf.lines;
    }

    bool begin_fence() {
        const auto [columns, bytes] = indent_of(rest());
        const auto sign = fence_sign_of(rest().substr(bytes));
        const bool has_code = text_.find_first_not_of(" \t\r\n", line_end_) != text_.npos;
        if (!sign || columns > indent_max || !has_code) return false;
        at_ += bytes;
        open_leaf(piece_kind::fence);
        fence_ = {.sign = sign->sign, .ticks = sign->ticks, .columns = columns};
        if (!sign->language.empty())
            add_within(piece_kind::language, found_.list[leaf_].depth + 1u, sign->language);
        content_end_ = line_end_;
        return true;
    }

    void take_fence_line() {
        const auto [columns, bytes] = indent_of(rest());
        const std::string_view line = rest().substr(bytes);
        if (columns <= indent_max && closes_fence(line, fence_.sign, fence_.ticks)) {
            content_end_ = line_end_;
            close_leaf();
        } else {
            at_ += bytes_of_columns(rest(), fence_.columns);
            add_line();
        }
        next_line();
    }

    bool take_heading() {
        const auto [columns, bytes] = indent_of(rest());
        const std::size_t level = heading_level(rest().substr(bytes));
        if (level == 0 || columns > indent_max) return false;
        constexpr auto first = static_cast<std::size_t>(piece_kind::heading_1);
        at_ += bytes;
        open_leaf(static_cast<piece_kind>(first + level - 1));
        at_ += level;
        skip_indent();
        add_line();
        close_leaf();
        return true;
    }

    void take_paragraph_line() {
        if (!leaf_is(piece_kind::paragraph)) open_leaf(piece_kind::paragraph);
        add_line();
    }

    // ---- Tables

    bool take_table() {
        if (rest().find('|') == std::string_view::npos) return false;
        const std::size_t columns = look_ahead(delimiter_columns);
        if (columns == 0 || cells_of(rest(), columns + 1).size() != columns) return false;
        close_leaf();
        skip_indent();
        const std::size_t table = add(piece_kind::table, inner_depth(), at_);
        take_row(table, columns);
        go_to_row_below();  // the dashes
        content_end_ = line_end_;
        for (std::size_t rows = 0; rows < table_rows_max && look_ahead(goes_on_table); ++rows) {
            go_to_row_below();
            take_row(table, columns);
        }
        end(table);
        return true;
    }

    static bool goes_on_table(std::string_view line) {
        return line.find('|') != line.npos && !fence_sign_of(line) && !list_sign_of(line) &&
               quote_sign_bytes(line) == 0 && heading_level(line) == 0;
    }

    void go_to_row_below() {
        next_line();
        begin_line();
        match_containers();
        skip_indent();
    }

    // What `judge` says of the next line, if that belongs to all open containers.
    template <class Value>
    Value look_ahead(Value (*judge)(std::string_view)) {
        if (line_end_ >= text_.size()) return {};
        const std::size_t at = at_, line_end = line_end_;
        next_line();
        begin_line();
        const bool belongs = match_containers() == open_;
        skip_indent();
        const Value judged = belongs ? judge(rest()) : Value{};
        at_ = at;
        line_end_ = line_end;
        return judged;
    }

    void take_row(std::size_t table, std::size_t columns) {
        const std::size_t depth = found_.list[table].depth + 1u;
        const std::size_t row = add(piece_kind::row, depth, at_);
        for (const std::string_view cell : cells_of(rest(), columns)) {
            block& added = add_within(piece_kind::cell, depth + 1, cell);
            added.first_line = static_cast<std::uint32_t>(found_.lines.size());
            added.lines = 1;
            found_.lines.push_back(added.bytes);
        }
        content_end_ = line_end_;
        end(row);
    }

    // ---- What is found

    static range range_of(std::size_t begin, std::size_t end) {
        return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
    }

    // The depth of a block that opens inside the innermost container.
    std::size_t inner_depth() const {
        return open_ == 0 ? 0 : found_.list[containers_[open_ - 1].block].depth + 1u;
    }

    // Without an end, it ends with end().
    std::size_t add(piece_kind kind, std::size_t depth, std::size_t begin, std::size_t end = 0) {
        found_.list.push_back({.kind = kind,
                               .depth = static_cast<std::uint8_t>(depth),
                               .bytes = range_of(begin, end)});
        return found_.list.size() - 1;
    }

    block& add_within(piece_kind kind, std::size_t depth, std::string_view part) {
        const auto begin = static_cast<std::size_t>(part.data() - text_.data());
        return found_.list[add(kind, depth, begin, begin + part.size())];
    }

    void end(std::size_t index) {
        found_.list[index].bytes.end = static_cast<std::uint32_t>(content_end_);
    }

    struct open_fence {
        char sign = 0;
        std::size_t ticks = 0, columns = 0;
    };

    std::string_view text_;
    blocks found_;
    std::size_t at_ = 0, line_end_ = 0;
    std::size_t content_end_ = 0;  // the end of the last line that belongs to a block
    std::array<container, block_depth_max> containers_{};
    std::size_t open_ = 0;              // of the containers
    std::size_t leaf_ = none;           // the open fence or paragraph
    std::size_t list_to_go_on_ = none;  // its item ends with this line, and the next begins
    open_fence fence_;
};

}  // namespace

blocks find_blocks(std::string_view text) { return block_finder(text).find(); }

}  // namespace parley::markup
