// What must hold for every input. A promise that is broken ends the process; libFuzzer then keeps
// the input.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace parley::fuzz {

inline void promise(bool kept, const char* what) {
    if (kept) return;
    std::fprintf(stderr, "broken promise: %s\n", what);
    std::abort();
}

}  // namespace parley::fuzz
