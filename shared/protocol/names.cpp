// The letters are those of the alphabet `name`.
#include "shared/protocol/names.hpp"

#include "shared/ensure.hpp"
#include "shared/protocol/ascii.hpp"

#include <algorithm>
#include <array>

namespace parley::protocol {
namespace {

constexpr std::array reserved = std::to_array<std::string_view>(
    {"admin", "all", "bot", "channel", "deleted", "everyone", "guest", "here", "me", "moderator",
     "nobody", "online", "owner", "parley", "room", "server", "system", "you"});

}  // namespace

std::string_view why_not_new_name(std::string_view name) {
    ensure(!name.empty());
    if (ascii::is_name_sign(name.front()) || ascii::is_name_sign(name.back()))
        return "a name begins and ends with a letter or digit";
    const auto both_signs = [](char a, char b) {
        return ascii::is_name_sign(a) && ascii::is_name_sign(b);
    };
    if (std::adjacent_find(name.begin(), name.end(), both_signs) != name.end())
        return "a name has no two of . _ - in a row";
    return {};
}

bool is_reserved_name(std::string_view name) {
    return std::find(reserved.begin(), reserved.end(), name) != reserved.end();
}

}  // namespace parley::protocol
