// What must hold of the data at any moment, and whether it does: `parley check`, and before a copy
// is trusted.
#pragma once

#include "server/storage/database.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::storage {

inline constexpr std::size_t violations_told_max = 10;

// One invariant that was looked at.
struct finding {
    std::string_view says;  // what must hold
    std::uint64_t count{};  // how many it was looked at for
    std::string_view of;    // events, rooms ...
    std::vector<std::string>
        violations;  // a line each with its place, at most violations_told_max; empty: it holds
};

struct check_listener {
    std::function<void(std::string_view says)> begins;
    std::function<void(const finding&)> ends;
};

// Looks at all invariants as of one moment: writers go on meanwhile. Reads the whole file, some of
// it several times. REQUIRES: check_schema has passed, and the connection may write: SQLite forgets
// all CHECKs of what is read-only.
void check_invariants(database& db, const check_listener& told);

// The same for a program: the first violation, or nothing.
std::string first_violation(database& db);

}  // namespace parley::storage
