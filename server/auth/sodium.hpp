// libsodium must be started before its first use. Any thread, any number of times.
#pragma once

#include <sodium.h>

#include <stdexcept>

namespace parley::auth {

inline void start_sodium() {
    static const bool started = sodium_init() >= 0;
    if (!started) throw std::runtime_error("libsodium finds no source of random numbers");
}

}  // namespace parley::auth
