// Device tokens, and texts that are none.
#include "server/auth/devices.hpp"

#include "tests/unit/catch.hpp"

using namespace parley::auth;

namespace {
const std::string hash = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA";
}

TEST_CASE(
    "a device is recognised by the account that it signed in to, until "
    "its password changes") {
    const std::string token = make_device_token("ann", hash);
    const std::string device = device_named_by(token, "ann", hash);
    CHECK(device.size() == 43);
    CHECK(token.starts_with(device + "."));
    CHECK(device_named_by(make_device_token("ann", hash), "ann", hash) != device);
    CHECK(device_named_by(token, "bob", hash).empty());
    CHECK(device_named_by(token, "ann", hash + "x").empty());
    CHECK(device_named_by(token, "ann", "").empty());
}

TEST_CASE("no other text is a device") {
    const std::string token = make_device_token("ann", hash);
    for (std::size_t i = 0; i < token.size(); ++i) {
        std::string other = token;
        other[i] = other[i] == '0' ? '1' : '0';
        CAPTURE(other);
        CHECK(device_named_by(other, "ann", hash).empty());
    }
    const auto cut = token.substr(0, token.size() - 2);
    for (const std::string& text : {std::string(), std::string("."), std::string("x."), cut,
                                    token + "00", token + "x", std::string(10'000, 'a')})
        CHECK(device_named_by(text, "ann", hash).empty());
}
