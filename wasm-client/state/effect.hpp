// The effects: what the program has to do outside the model after a step.
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
// Stores a value in the browser; an empty one is erased.
struct store {
    std::string key;
    std::string value;
};
// Erases every stored value whose key begins with one of these, whichever tab stored it.
struct erase {
    std::vector<std::string> prefixes;
};
// Reads every stored value whose key begins with one of these; inputs::restored follows. No message
// is sent before that.
struct load {
    std::vector<std::string> prefixes;
};
// Ends the connection now; inputs::closed follows.
struct drop_connection {};

using effect = std::variant<send_frame, post, store, erase, load, drop_connection>;
using effects = std::vector<effect>;

}  // namespace parley::state
