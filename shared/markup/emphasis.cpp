// A closing run looks down the stack for its opener and takes away what stands between. What a
// search has passed in vain is never searched again for the same kind of closer.
#include "shared/markup/emphasis.hpp"

#include <algorithm>
#include <string_view>

namespace parley::markup {
namespace {

// "a**b*c": the lengths of two runs that may do both must not add up to a multiple of three.
bool may_pair(const sign_run& opener, const sign_run& closer) {
    if (opener.sign != closer.sign) return false;
    if (!opener.closes && !closer.opens) return true;
    return (opener.signs + closer.signs) % 3 != 0 || opener.signs % 3 == 0;
}

std::uint32_t signs_used(const sign_run& opener, const sign_run& closer) {
    return std::min({opener.left, closer.left, 2u});
}

piece_kind kind_of(char sign, std::uint32_t signs) {
    if (sign == '~') return piece_kind::strike;
    if (sign == '|') return piece_kind::spoiler;
    return signs == 2 ? piece_kind::bold : piece_kind::italic;
}

}  // namespace

void emphasis::shrink_to(std::size_t size) {
    if (size == stack_.size()) return;
    stack_.resize(size);
    cap_searched();
}

void emphasis::cap_searched() {
    for (std::size_t& searched : searched_) searched = std::min(searched, stack_.size());
}

void emphasis::end_label() {
    shrink_to(bottom());
    searched_ = labels_.back().searched;
    cap_searched();
    labels_.pop_back();
}

std::size_t& emphasis::searched_down_to(const sign_run& closer) {
    const std::size_t sign = emphasis_signs.find(closer.sign);
    return searched_[(sign * 2 + (closer.opens ? 1 : 0)) * 3 + closer.signs % 3];
}

// The index behind the nearest opener, or 0.
std::size_t emphasis::find_opener(const sign_run& closer) {
    std::size_t& searched = searched_down_to(closer);
    const std::size_t lowest = std::max(searched, bottom());
    std::size_t i = stack_.size();
    for (; i > lowest && !may_pair(*stack_[i - 1], closer); --i) ++steps_;
    if (i > lowest) return i;
    searched = stack_.size();
    return 0;
}

void emphasis::pair(sign_run& opener, sign_run& closer) {
    const std::uint32_t used = signs_used(opener, closer);
    spans_.push_back({.kind = kind_of(opener.sign, used),
                      .signs = static_cast<std::uint8_t>(used),
                      .next = opener.first_span});
    opener.first_span = static_cast<std::uint32_t>(spans_.size() - 1);
    opener.left -= used;
    closer.left -= used;
    ++closer.spans_closed;
}

void emphasis::add(sign_run& run) {
    run.left = run.signs;
    while (run.closes && run.left > 0) {
        ++steps_;
        const std::size_t found = find_opener(run);
        if (found == 0) break;
        shrink_to(found);
        pair(*stack_.back(), run);
        if (stack_.back()->left == 0) shrink_to(found - 1);
    }
    if (run.opens && run.left > 0) stack_.push_back(&run);
}

}  // namespace parley::markup
