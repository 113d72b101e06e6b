// Who speaks in a test.
#pragma once

#include "server/chat/identity.hpp"

#include <string>

namespace parley::test {

// Somebody who is believed: the server's own code, whose session nobody asks for.
inline chat::identity by(const std::string& user) {
    return {.user = user, .session = "", .guest = false};
}

// A guest of one connection.
inline chat::identity passer_by(const std::string& user) {
    return {.user = user, .session = "", .guest = true};
}

}  // namespace parley::test
