// Who a connection speaks for.
#pragma once

#include "server/base/time.hpp"

#include <string>

namespace parley::chat {

using base::steady_ms;
using base::time_ms;
using base::time_us;

// The author of what unnamed plain-text clients say. Nobody can sign in under it.
inline constexpr const char* unnamed_guest = "~guest";

struct identity {
    std::string user;     // obeys protocol::person_name
    std::string session;  // names the session it came with; empty for guests of one connection
    bool guest = true;

    // False: a name for one connection, which nobody has proved. It has no list of rooms and no
    // read marks, and knows nothing of whoever had the name before.
    bool signed_in() const { return !guest || !session.empty(); }

    // Such a name belongs to whoever signs in under it meanwhile.
    bool gives_way() const { return !signed_in() && user != unnamed_guest; }
};

}  // namespace parley::chat
