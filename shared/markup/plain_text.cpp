// Joins the pieces that are shown; each block begins a line.
#include "shared/markup/plain_text.hpp"

#include "shared/markup/parse.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace parley::markup {
namespace {

constexpr std::string_view hidden = "█████";
constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

class plain_writer {
public:
    explicit plain_writer(std::string_view text) : text_(text) {}

    std::string write(std::span<const piece> pieces) {
        for (const piece& piece : pieces) {
            if (piece.depth <= spoiler_) spoiler_ = nowhere;
            if (spoiler_ != nowhere) continue;
            while (quotes_ > 0 && piece.depth <= quote_depths_[quotes_ - 1]) --quotes_;
            write(piece);
        }
        return std::move(out_);
    }

private:
    void write(const piece& piece) {
        const std::string_view bytes = piece.bytes.of(text_);
        switch (piece.kind) {
            case piece_kind::paragraph:
            case piece_kind::heading_1:
            case piece_kind::heading_2:
            case piece_kind::heading_3:
            case piece_kind::fence:
            case piece_kind::row: return begin_line();
            case piece_kind::quote: quote_depths_[quotes_++] = piece.depth; return;
            case piece_kind::item: begin_line(); return write_sign("- ");
            case piece_kind::number: return write_number(bytes);
            case piece_kind::cell: return write_cell();
            case piece_kind::spoiler: spoiler_ = piece.depth; return write(hidden);
            case piece_kind::address: return write(" (" + std::string(bytes) + ")");
            case piece_kind::text:
            case piece_kind::bare_link:
            case piece_kind::mention:
            case piece_kind::room: return write(bytes);
            default: return;
        }
    }

    // The sign of an item stays alone on its line until its text comes.
    void begin_line() {
        if (std::exchange(after_sign_, false)) return;
        if (!out_.empty()) out_ += '\n';
        for (std::size_t i = 0; i < quotes_; ++i) out_ += "> ";
        begins_row_ = true;
    }
    void write_sign(std::string_view sign) {
        out_ += sign;
        after_sign_ = true;
    }
    void write_number(std::string_view number) {
        out_.resize(out_.size() - 2);
        write_sign(std::string(number) + ". ");
    }
    void write_cell() {
        if (!std::exchange(begins_row_, false)) out_ += " | ";
    }
    void write(std::string_view bytes) {
        for (const char c : bytes) {
            out_ += c;
            for (std::size_t i = 0; c == '\n' && i < quotes_; ++i) out_ += "> ";
        }
    }

    std::string_view text_;
    std::string out_;
    std::array<std::uint8_t, block_depth_max> quote_depths_{};
    std::size_t quotes_ = 0;
    std::size_t spoiler_ = nowhere;  // depth of the one that is passed
    bool after_sign_ = false, begins_row_ = false;
};

}  // namespace

std::string plain_text(std::string_view text, std::span<const piece> pieces) {
    return plain_writer(text).write(pieces);
}

std::string plain_text(std::string_view text) { return plain_text(text, parse(text).pieces); }

}  // namespace parley::markup
