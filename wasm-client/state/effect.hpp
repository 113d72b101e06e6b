// What the outside has to do after a step.
#pragma once

#include <string>
#include <variant>
#include <vector>

namespace parley::state {

struct send_frame {
    std::string frame;
};
// POST /api/1/<type>; the answer comes back as inputs::posted.
struct post {
    std::string type;
    std::string body;
};
// Keeps a value in the browser; an empty one is erased.
struct store {
    std::string key;
    std::string value;
};
// Erases all that is stored under keys that begin with one of these, by any tab.
struct erase {
    std::vector<std::string> prefixes;
};
// Gives back all that is stored under keys that begin with one of these, as inputs::restored.
// Nothing is sent until it came.
struct load {
    std::vector<std::string> prefixes;
};
// Ends the connection now; inputs::closed follows.
struct drop_connection {};

using effect = std::variant<send_frame, post, store, erase, load, drop_connection>;
using effects = std::vector<effect>;

}  // namespace parley::state
