// The line feeds separate: no user name contains one.
#include "server/auth/direct_room_name.hpp"

#include "server/auth/tokens.hpp"
#include "shared/protocol/limits.hpp"
#include "shared/protocol/names.hpp"

namespace parley::auth {
namespace {

constexpr std::size_t hash_letters = 48;  // 192 bits: nobody finds two lists with one hash
static_assert(protocol::direct_room_prefix.size() + hash_letters <=
              protocol::limits::room_name_bytes_max);

}  // namespace

std::string direct_room_name(const std::vector<std::string>& people) {
    std::string lines;
    for (const std::string& user : people) lines += user + '\n';
    return std::string(protocol::direct_room_prefix) + hash_of(lines).substr(0, hash_letters);
}

}  // namespace parley::auth
