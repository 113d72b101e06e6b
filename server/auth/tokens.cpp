// libsodium's random source, hash and encodings.
#include "server/auth/tokens.hpp"

#include "server/auth/sodium.hpp"

#include <array>

namespace parley::auth {

std::string make_token() {
    start_sodium();
    std::array<unsigned char, token_random_bytes> bytes;
    randombytes_buf(bytes.data(), bytes.size());
    constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    std::string token(sodium_base64_ENCODED_LEN(token_random_bytes, variant), '\0');
    sodium_bin2base64(token.data(), token.size(), bytes.data(), bytes.size(), variant);
    token.pop_back();  // the terminating NUL
    return token;
}

std::string random_letters(std::size_t count) {
    start_sodium();
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    std::string out;
    while (out.size() < count) out += letters[randombytes_uniform(letters.size())];
    return out;
}

std::string hash_of(std::string_view token) {
    start_sodium();
    std::array<unsigned char, crypto_generichash_BYTES> hash;
    crypto_generichash(hash.data(), hash.size(),
                       reinterpret_cast<const unsigned char*>(token.data()), token.size(), nullptr,
                       0);
    std::string hex(2 * hash.size() + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
    hex.pop_back();  // the terminating NUL
    return hex;
}

}  // namespace parley::auth
