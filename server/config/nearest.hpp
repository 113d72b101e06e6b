// Finds what somebody probably meant to write: the known word that differs least.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace parley::config {

// The fewest letters to add, drop, change or swap with their neighbour to turn `a` into `b`
// (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b);

// The word of `known` nearest to `written`. Empty when none is near: a quarter of the letters and
// one more may differ. Of two equally near ones, that which begins with `written`.
std::string nearest(std::string_view written, const std::vector<std::string>& known);

// "; did you mean `listen`?", or empty when nothing is near.
std::string did_you_mean(std::string_view written, const std::vector<std::string>& known);

}  // namespace parley::config
