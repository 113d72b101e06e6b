// How the program ends on a bug of its own. The page does without stdio, which would cost it 10 KB.
#include "shared/ensure.hpp"

#include <cstdlib>

#ifdef __EMSCRIPTEN__
#include <emscripten/console.h>
#else
#include <cstdio>
#endif

namespace parley {

void stop_with(const char* line) noexcept {
#ifdef __EMSCRIPTEN__
    emscripten_console_error(line);
#else
    std::fprintf(stderr, "%s\n", line);
#endif
    std::abort();
}

}  // namespace parley
