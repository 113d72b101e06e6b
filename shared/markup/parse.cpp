// Writes the pieces: walks over the blocks, and over the tokens of each, and opens and closes what
// they say.
#include "shared/markup/parse.hpp"

#include "shared/ensure.hpp"
#include "shared/markup/blocks.hpp"
#include "shared/markup/emphasis.hpp"
#include "shared/markup/tokens.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <span>

namespace parley::markup {
namespace {

// The list of pieces, which ends when it is full: the rest of the text is then one literal piece.
class piece_list {
public:
    explicit piece_list(std::string_view text) : text_(text) {}

    bool is_full() const { return full_; }

    // Returns its index.
    std::size_t add(piece_kind kind, std::size_t depth, range bytes) {
        if (pieces_.size() + pieces_kept_ >= pieces_max && !full_) {
            full_ = true;
            cut_ = bytes.begin;
        }
        if (full_) return 0;
        pieces_.push_back(
            {.kind = kind, .depth = static_cast<std::uint8_t>(depth), .bytes = bytes});
        return pieces_.size() - 1;
    }

    void end(std::size_t index, std::uint32_t end) {
        if (!full_) pieces_[index].bytes.end = end;
    }

    std::vector<piece> finished() {
        if (!full_) return std::move(pieces_);
        for (piece& piece : pieces_) piece.bytes.end = std::min(piece.bytes.end, cut_);
        const range rest{cut_, static_cast<std::uint32_t>(text_.size())};
        pieces_.push_back({.kind = piece_kind::paragraph, .depth = 0, .bytes = rest});
        pieces_.push_back({.kind = piece_kind::text, .depth = 1, .bytes = rest});
        return std::move(pieces_);
    }

private:
    static constexpr std::size_t pieces_kept_ = 2;  // for the rest

    std::string_view text_;
    std::vector<piece> pieces_;
    bool full_ = false;
    std::uint32_t cut_ = 0;
};

// The end of a piece whose end comes later.
constexpr std::uint32_t open_end = std::numeric_limits<std::uint32_t>::max();

// Writes what is inside one block.
class inline_writer {
public:
    inline_writer(piece_list& out, const std::vector<span>& spans, std::span<const range> lines,
                  std::size_t depth)
        : out_(out), spans_(spans), lines_(lines), depth_(depth) {}

    void write(const std::vector<token>& tokens) {
        if (lines_.empty()) return;
        at_ = lines_.front().begin;
        for (const token& token : tokens)
            if (token.kind != token_kind::literal && !out_.is_full()) write(token);
        write_text(lines_.back().end);
    }

    void write_text(std::uint32_t end) {
        write_parts({at_, end}, depth_);
        at_ = end;
    }

private:
    struct open_span {
        std::size_t piece;
        std::uint8_t signs;
        bool literal;  // beyond the depth: its signs are text
    };

    void write(const token& token) {
        if (token.kind == token_kind::run) return write_run(token);
        write_text(token.bytes.begin);
        at_ = token.bytes.end;
        switch (token.kind) {
            case token_kind::escape: at_ = token.bytes.begin + 1; break;
            case token_kind::code: {
                const std::size_t code =
                    out_.add(piece_kind::code, depth_, {token.bytes.begin, open_end});
                write_parts(token.inner, depth_ + 1);
                out_.end(code, token.bytes.end);
                break;
            }
            case token_kind::bare_link: out_.add(piece_kind::bare_link, depth_, token.inner); break;
            case token_kind::mention: out_.add(piece_kind::mention, depth_, token.bytes); break;
            case token_kind::room: out_.add(piece_kind::room, depth_, token.bytes); break;
            case token_kind::link_open:
                link_ = out_.add(token.disguised ? piece_kind::disguised_link : piece_kind::link,
                                 depth_++, {token.bytes.begin, open_end});
                break;
            case token_kind::link_close:
                out_.add(piece_kind::address, depth_, token.inner);
                --depth_;
                out_.end(link_, token.bytes.end);
                break;
            case token_kind::literal:
            case token_kind::run: break;
        }
    }

    // The signs of a run close first, from the left; those that open stand at its right, and what
    // is between them is text.
    void write_run(const token& token) {
        const sign_run& run = token.run;
        std::uint32_t left = token.bytes.begin;
        if (run.spans_closed > 0) {
            write_text(left);
            for (std::uint32_t i = 0; i < run.spans_closed; ++i) close_span();
            left = at_;
        }
        if (run.first_span == no_span) return;
        write_text(left + run.left);
        for (auto i = run.first_span; i != no_span; i = spans_[i].next) open(spans_[i]);
    }

    void open(const span& span) {
        const bool literal = open_.size() >= inline_depth_max;
        const std::uint32_t end = at_ + span.signs;
        std::size_t piece = 0;
        if (literal) {
            write_text(end);
        } else {
            piece = out_.add(span.kind, depth_++, {at_, open_end});
        }
        open_.push_back({.piece = piece, .signs = span.signs, .literal = literal});
        at_ = end;
    }

    void close_span() {
        const open_span last = open_.back();
        open_.pop_back();
        const std::uint32_t end = at_ + last.signs;
        if (last.literal) return write_text(end);
        at_ = end;
        --depth_;
        out_.end(last.piece, end);
    }

    // The text without what stands before its lines. Text goes on in the piece before it.
    void write_parts(range whole, std::size_t depth) {
        while (!whole.empty()) {
            while (line_ + 1 < lines_.size() && lines_[line_].end <= whole.begin) ++line_;
            const range& line = lines_[line_];
            const std::uint32_t begin = std::max(whole.begin, line.begin);
            const std::uint32_t end = std::min(whole.end, line.end);
            if (begin < end) out_.add(piece_kind::text, depth, {begin, end});
            if (end >= whole.end || line_ + 1 == lines_.size()) return;
            whole.begin = std::max(end, whole.begin);
            ++line_;
        }
    }

    piece_list& out_;
    const std::vector<span>& spans_;
    std::span<const range> lines_;
    std::size_t depth_;  // of the next piece
    std::uint32_t at_ = 0;
    std::size_t line_ = 0;  // where the text goes on
    std::size_t link_ = 0;  // the open link: there is never another inside
    std::vector<open_span> open_;
};

bool has_markup(piece_kind kind) {
    return kind <= piece_kind::heading_3 || kind == piece_kind::cell;
}

class writer {
public:
    explicit writer(std::string_view text) : text_(text), out_(text) {}

    parsed write(const blocks& found) {
        steps_ = found.steps;
        for (std::size_t i = 0; i < found.list.size() && !out_.is_full(); ++i) {
            const block& block = found.list[i];
            add(block);
            const bool names_language =
                i + 1 < found.list.size() && found.list[i + 1].kind == piece_kind::language;
            if (names_language) add(found.list[++i]);
            write_inside(block, {found.lines.data() + block.first_line, block.lines});
        }
        return {.pieces = out_.finished(), .steps = steps_};
    }

private:
    void add(const block& block) { out_.add(block.kind, block.depth, block.bytes); }

    void write_inside(const block& block, std::span<const range> lines) {
        tokens found;
        emphasis emphasis;
        if (has_markup(block.kind)) found = find_tokens(text_, lines, left_);
        for (token& token : found.list) {
            if (token.kind == token_kind::link_open) emphasis.begin_label();
            if (token.kind == token_kind::link_close) emphasis.end_label();
            if (token.kind == token_kind::run) emphasis.add(token.run);
        }
        steps_ += found.steps + found.list.size() + emphasis.steps();
        inline_writer(out_, emphasis.spans(), lines, block.depth + 1u).write(found.list);
    }

    std::string_view text_;
    piece_list out_;
    allowance left_;
    std::size_t steps_ = 0;
};

}  // namespace

parsed parse(std::string_view text) {
    ensure(text.size() < std::numeric_limits<std::uint32_t>::max());
    return writer(text).write(find_blocks(text));
}

std::string closing_fence(std::string_view text) {
    const auto [sign, ticks] = find_blocks(text).open_fence;
    if (ticks == 0) return {};
    return std::string(text.ends_with('\n') ? "" : "\n").append(ticks, sign);
}

}  // namespace parley::markup
