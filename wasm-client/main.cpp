// The one client of the page. It lives as long as the page does.
#include "wasm-client/client.hpp"

namespace parley {

client& the_client() {
    static client only;
    return only;
}

}  // namespace parley
