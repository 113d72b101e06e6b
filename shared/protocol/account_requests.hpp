// The requests that exist over HTTP only, because they set or use a cookie: POST /api/1/<type>.
#pragma once

#include "shared/protocol/schema.hpp"
#include "shared/protocol/vocabulary.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace parley::protocol {

struct sign_up {
    std::optional<std::uint64_t> id;
    std::string user;
    std::string password;
    std::optional<std::string> display_name;
    static constexpr std::string_view type = "sign_up";
    static constexpr std::string_view doc =
        "Opens an account and a session; `ok{user, token}` and a cookie. The first account is the "
        "server's owner.";
    static constexpr auto fields() {
        return std::array{
            field<&sign_up::id>("id", request_id, "repeated in the answer"),
            field<&sign_up::user>("user", user_name, "unique, never changes"),
            field<&sign_up::password>("password", parley::protocol::password,
                                      "stored as an argon2id hash"),
            field<&sign_up::display_name>("display_name", parley::protocol::display_name,
                                          "may change later"),
        };
    }
};

struct sign_in {
    std::optional<std::uint64_t> id;
    std::string user;
    std::string password;
    static constexpr std::string_view type = "sign_in";
    static constexpr std::string_view doc = "Opens a session; `ok{user, token}` and a cookie.";
    static constexpr auto fields() {
        return std::array{
            field<&sign_in::id>("id", request_id, "repeated in the answer"),
            field<&sign_in::user>("user", user_name, "an account"),
            field<&sign_in::password>("password", parley::protocol::password, "its password"),
        };
    }
};

struct sign_in_guest {
    std::optional<std::uint64_t> id;
    std::string user;
    static constexpr std::string_view type = "sign_in_guest";
    static constexpr std::string_view doc =
        "Opens a session under a free name, without a password; `ok{user, token}` and a cookie. "
        "The name that it gets has `~` before it. `forbidden` when the server takes no guests.";
    static constexpr auto fields() {
        return std::array{
            field<&sign_in_guest::id>("id", request_id, "repeated in the answer"),
            field<&sign_in_guest::user>("user", person_name, "of no guest who is signed in"),
        };
    }
};

struct sign_out {
    std::optional<std::uint64_t> id;
    static constexpr std::string_view type = "sign_out";
    static constexpr std::string_view doc =
        "Ends the session of the request and closes its connections with 4102; `ok`.";
    static constexpr auto fields() {
        return std::array{field<&sign_out::id>("id", request_id, "repeated in the answer")};
    }
};

struct list_sessions {
    std::optional<std::uint64_t> id;
    static constexpr std::string_view type = "list_sessions";
    static constexpr std::string_view doc = "Where you are signed in; `ok{sessions}`.";
    static constexpr auto fields() {
        return std::array{field<&list_sessions::id>("id", request_id, "repeated in the answer")};
    }
};

struct revoke_session {
    std::optional<std::uint64_t> id;
    std::string session;
    static constexpr std::string_view type = "revoke_session";
    static constexpr std::string_view doc =
        "Ends one session of yours and closes its connections with 4102; `ok`.";
    static constexpr auto fields() {
        return std::array{
            field<&revoke_session::id>("id", request_id, "repeated in the answer"),
            field<&revoke_session::session>("session", session_name, "from `list_sessions`"),
        };
    }
};

struct whoami {
    std::optional<std::uint64_t> id;
    static constexpr std::string_view type = "whoami";
    static constexpr std::string_view doc =
        "Whose session the request has; `ok{user?, guests}`. Without a session there is no `user`, "
        "and that is no error.";
    static constexpr auto fields() {
        return std::array{field<&whoami::id>("id", request_id, "repeated in the answer")};
    }
};

}  // namespace parley::protocol
