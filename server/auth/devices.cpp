// The key is a hash of the encoded argon2id hash. That one's salt and result never leave the
// server, so a device token does not help anybody to try passwords elsewhere.
#include "server/auth/devices.hpp"

#include "server/auth/sodium.hpp"
#include "server/auth/tokens.hpp"

#include <array>

namespace parley::auth {
namespace {

using key = std::array<unsigned char, crypto_auth_KEYBYTES>;
using mac = std::array<unsigned char, crypto_auth_BYTES>;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

key key_from(std::string_view password_hash) {
    key out;
    crypto_generichash(out.data(), out.size(), bytes_of(password_hash), password_hash.size(),
                       nullptr, 0);
    return out;
}

// The blanks separate: no user name contains one.
std::string signed_text(std::string_view user, std::string_view device) {
    return std::string("device ").append(user).append(" ").append(device);
}

}  // namespace

std::string make_device_token(std::string_view user, std::string_view password_hash) {
    const std::string device = make_token();  // starts libsodium
    const std::string text = signed_text(user, device);
    mac proof;
    crypto_auth(proof.data(), bytes_of(text), text.size(), key_from(password_hash).data());
    std::string hex(2 * proof.size() + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), proof.data(), proof.size());
    hex.pop_back();  // the terminating NUL
    return device + "." + hex;
}

std::string device_named_by(std::string_view token, std::string_view user,
                            std::string_view password_hash) {
    start_sodium();
    const auto dot = token.find('.');
    if (dot == std::string_view::npos || password_hash.empty()) return {};
    const std::string_view device = token.substr(0, dot), hex = token.substr(dot + 1);
    mac proof;
    std::size_t filled = 0;
    const bool whole = sodium_hex2bin(proof.data(), proof.size(), hex.data(), hex.size(), nullptr,
                                      &filled, nullptr) == 0;
    if (!whole || filled != proof.size()) return {};
    const std::string text = signed_text(user, device);
    const bool genuine = crypto_auth_verify(proof.data(), bytes_of(text), text.size(),
                                            key_from(password_hash).data()) == 0;
    return genuine ? std::string(device) : std::string();
}

}  // namespace parley::auth
