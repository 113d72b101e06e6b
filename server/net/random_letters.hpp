// Random letters for names that nobody chose.
#pragma once

#include <sodium.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace parley::net {

// Of a-z 0-9, by libsodium, which the accounts have started.
inline std::string random_letters(std::size_t count) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    std::string out;
    while (out.size() < count) out += letters[randombytes_uniform(letters.size())];
    return out;
}

}  // namespace parley::net
