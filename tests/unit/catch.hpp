// Catch2 2.13 (Debian 12, one header) and 3 (its amalgamated source, from .ci/install) by the names
// of 3.
#pragma once

#if __has_include(<catch2/catch.hpp>)
#include <catch2/catch.hpp>

namespace Catch::Matchers {
inline auto ContainsSubstring(const std::string& text) { return Contains(text); }
}  // namespace Catch::Matchers
#else
#include <catch_amalgamated.hpp>
#endif
