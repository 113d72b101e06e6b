// For a server below a path of its host (--base): a proxy may remove the path from a request that
// it passes on, or leave it there.
#pragma once

#include "server/http/request.hpp"
#include "server/http/response.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace parley::http {

// `/chat/ws?x` becomes `/ws?x` for the base `/chat/`; a target that is not below the base stays as
// it is.
// REQUIRES: config::normal_base_path(base) == base.
std::string without_base(std::string target, std::string_view base);

// Redirects `/chat` to `/chat/`, so that relative addresses work. Nothing for any other path.
std::optional<response> redirect_to_base(const request& request, std::string_view base);

}  // namespace parley::http
