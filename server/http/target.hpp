// The target of a request in its forms (RFC 9112, section 3.2).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace parley::http {

struct target {
    std::string path{};            // with its query; "*" means the server as a whole
    std::string_view authority{};  // of absolute-form; it replaces Host
    bool needs_tls = false;        // absolute-form with https
};

// /path?query, http://host/path?query, or * with OPTIONS. Nothing for any other text.
std::optional<target> parse_target(std::string_view method, std::string_view text);

}  // namespace parley::http
