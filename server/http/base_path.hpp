// Requests for a server that lives under a path of its own (--base): a proxy may take the path off
// before it passes a request on, or leave it there.
#pragma once

#include "server/http/request.hpp"
#include "server/http/response.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace parley::http {

// `/chat/ws?x` becomes `/ws?x` for the base `/chat/`; what is not below the base stays as it is.
// REQUIRES: config::normal_base_path(base) == base.
std::string without_base(std::string target, std::string_view base);

// `/chat` leads to `/chat/`, so that relative addresses mean the same; nothing for any other path.
std::optional<response> redirect_to_base(const request& request, std::string_view base);

}  // namespace parley::http
