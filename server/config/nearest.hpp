// What somebody probably meant to write: the known word that differs least.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace parley::config {

// Letters to add, to drop, to change, or to swap with their neighbour, until `one` is `other`
// (optimal string alignment).
std::size_t distance(std::string_view one, std::string_view other);

// The word of `known` nearest to `written`, or empty when none is near: every fourth letter and one
// more may differ. Of two that are as near, one that begins with what was written.
std::string nearest(std::string_view written, const std::vector<std::string>& known);

// "; did you mean `listen`?", or empty when nothing is near.
std::string did_you_mean(std::string_view written, const std::vector<std::string>& known);

}  // namespace parley::config
