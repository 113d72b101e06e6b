// Pairs the signs of bold, italic, strike and spoiler, as CommonMark 0.31 does ("process
// emphasis"). One pass with a stack; a sign without a partner stays text.
#pragma once

#include "shared/markup/pieces.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace parley::markup {

inline constexpr std::string_view emphasis_signs = "*_~|";
inline constexpr std::uint32_t no_span = UINT32_MAX;

// A run of the same sign, such as "**".
struct sign_run {
    char sign = 0;  // one of * _ ~ |
    bool opens = false, closes = false;
    std::uint32_t signs = 0;  // in the text
    std::uint32_t left = 0;   // of them without a partner

    std::uint32_t first_span = no_span;  // of those that it opens: the outermost
    std::uint32_t spans_closed = 0;
};

struct span {
    piece_kind kind;
    std::uint8_t signs;  // on each side
    std::uint32_t next;  // that the same run opens, inside this one; or no_span
};

class emphasis {
public:
    // Signs inside a label pair only with each other.
    void begin_label() { labels_.push_back({.bottom = stack_.size(), .searched = searched_}); }
    void end_label();

    // The runs in the order of the text; each must outlive this object.
    void add(sign_run& run);

    const std::vector<span>& spans() const { return spans_; }
    std::size_t steps() const { return steps_; }

private:
    // For each kind of closer: no opener for it is in the stack below this size.
    using searched_sizes = std::array<std::size_t, 4 * 2 * 3>;
    struct label {
        std::size_t bottom;       // its runs stand above
        searched_sizes searched;  // before it: what is searched inside ends at the bottom
    };

    std::size_t bottom() const { return labels_.empty() ? 0 : labels_.back().bottom; }
    std::size_t& searched_down_to(const sign_run& closer);
    void shrink_to(std::size_t size);
    void cap_searched();
    std::size_t find_opener(const sign_run& closer);
    void pair(sign_run& opener, sign_run& closer);

    std::vector<sign_run*> stack_;  // runs that may still open something
    std::vector<label> labels_;
    std::vector<span> spans_;
    searched_sizes searched_{};
    std::size_t steps_ = 0;
};

}  // namespace parley::markup
