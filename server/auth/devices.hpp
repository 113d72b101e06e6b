// What a browser keeps to prove that it has signed in to an account before: guesses of strangers do
// not hold it up (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"). It opens nothing
// by itself: the password is asked for all the same.
#pragma once

#include <string>
#include <string_view>

namespace parley::auth {

// A random name, and a MAC of it under a key that only the server can derive: from the account's
// password hash, so that a new password ends all of them, and nothing has to be stored.
std::string make_device_token(std::string_view user, std::string_view password_hash);

// The device's name, when the token was made for this account and this password; otherwise empty.
std::string device_named_by(std::string_view token, std::string_view user,
                            std::string_view password_hash);

}  // namespace parley::auth
