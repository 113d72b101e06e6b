// Device tokens: a browser keeps one to prove that it has signed in to an account before, so that
// strangers who guess passwords do not slow it down (OWASP, "Slow Down Online Guessing Attacks with
// Device Cookies"). A device token alone opens nothing: the password is needed all the same.
#pragma once

#include <string>
#include <string_view>

namespace parley::auth {

// A random device name with a MAC. The key is derived from the account's password hash, so a new
// password ends all device tokens, and the server stores none.
std::string make_device_token(std::string_view user, std::string_view password_hash);

// The device's name if the token is genuine for this account and password; otherwise empty.
std::string device_named_by(std::string_view token, std::string_view user,
                            std::string_view password_hash);

}  // namespace parley::auth
