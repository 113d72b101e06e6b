// Three rows of the table of distances are enough: a swap looks back two rows.
#include "server/config/nearest.hpp"

#include <algorithm>
#include <numeric>

namespace parley::config {
namespace {

constexpr std::size_t letters_max = 64;  // longer words are nobody's typing error

}  // namespace

std::size_t distance(std::string_view one, std::string_view other) {
    std::vector<std::size_t> before, above(other.size() + 1), row(other.size() + 1);
    std::iota(above.begin(), above.end(), std::size_t{0});
    for (std::size_t i = 1; i <= one.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= other.size(); ++j) {
            const std::size_t change = one[i - 1] == other[j - 1] ? 0 : 1;
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + change});
            if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before = above;
        above = row;
    }
    return above.back();
}

std::string nearest(std::string_view written, const std::vector<std::string>& known) {
    std::string found;
    if (written.size() > letters_max) return found;
    std::size_t least = 1 + written.size() / 4;
    for (const std::string& word : known) {
        const std::size_t differs = distance(written, word);
        const bool is_rather = word.starts_with(written) && !found.starts_with(written);
        if (differs > least || (differs == least && !found.empty() && !is_rather)) continue;
        if (differs >= word.size()) continue;  // nothing of it was written
        found = word;
        least = differs;
    }
    return found;
}

std::string did_you_mean(std::string_view written, const std::vector<std::string>& known) {
    const std::string word = nearest(written, known);
    return word.empty() ? word : "; did you mean `" + word + "`?";
}

}  // namespace parley::config
