// Three rows of the table of distances are enough, because a swap looks back two rows.
#include "server/config/nearest.hpp"

#include <algorithm>
#include <numeric>

namespace parley::config {
namespace {

constexpr std::size_t letters_max = 64;  // longer words are no typing errors

}  // namespace

std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before, above(b.size() + 1), row(b.size() + 1);
    std::iota(above.begin(), above.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before = above;
        above = row;
    }
    return above.back();
}

std::string nearest(std::string_view written, const std::vector<std::string>& known) {
    std::string best;
    if (written.size() > letters_max) return best;
    std::size_t least = 1 + written.size() / 4;
    for (const std::string& word : known) {
        const std::size_t difference = distance(written, word);
        const bool is_rather = word.starts_with(written) && !best.starts_with(written);
        if (difference > least || (difference == least && !best.empty() && !is_rather)) continue;
        if (difference >= word.size()) continue;  // they have nothing in common
        best = word;
        least = difference;
    }
    return best;
}

std::string did_you_mean(std::string_view written, const std::vector<std::string>& known) {
    const std::string word = nearest(written, known);
    return word.empty() ? word : "; did you mean `" + word + "`?";
}

}  // namespace parley::config
