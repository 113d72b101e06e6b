// The target of a request in its forms (RFC 9112, section 3.2).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace parley::http {

struct target {
    std::string path{};            // with its query; "*" asks about the server as a whole
    std::string_view authority{};  // of absolute-form; it stands for Host, whatever Host says
    bool needs_tls = false;        // absolute-form with https
};

// /path?query, http://host/path?query, or * with OPTIONS. Nothing for what is none of them, and for
// bytes that belong in no target.
std::optional<target> parse_target(std::string_view method, std::string_view text);

}  // namespace parley::http
