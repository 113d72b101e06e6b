// A room as it is stored, without its log.
#pragma once

#include "server/chat/identity.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace parley::storage {

struct room_row {
    std::uint64_t id{};
    std::string name, title;
    std::optional<std::string> member_a, member_b;  // both, of a direct room
    std::uint64_t epoch{};
    std::uint64_t top{};
    chat::time_ms top_at{};
    chat::time_ms created_at{};
    std::string created_by;
    bool grew = false;  // `top` is not in its row yet

    bool direct() const { return member_a.has_value(); }
    bool admits(const std::string& user) const {
        return !direct() || user == *member_a || user == *member_b;
    }
};

}  // namespace parley::storage
