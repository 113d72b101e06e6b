// Direct rooms in tests have names that say whose they are.
#pragma once

#include "server/chat/keys.hpp"
#include "tests/identities.hpp"

#include <string>
#include <utility>
#include <vector>

namespace parley::test {

inline std::string direct_room_name(const std::vector<std::string>& people) {
    std::string name = "dm";
    for (const std::string& user : people) name += "-" + user;
    return name;
}

inline chat::authored<protocol::open_direct> open_direct(const std::string& user,
                                                         std::vector<std::string> others) {
    const std::string room = direct_room_name(chat::people_of(user, others));
    return {{.nonce = "open-" + room, .people = std::move(others)}, by(user), room};
}

}  // namespace parley::test
