// The base ends with a slash, which stays in front of the rest.
#include "server/http/base_path.hpp"

#include "shared/ensure.hpp"

namespace parley::http {

std::string without_base(std::string target, std::string_view base) {
    ensure(base.ends_with('/'));
    if (target.starts_with(base)) target.erase(0, base.size() - 1);
    return target;
}

std::optional<response> redirect_to_base(const request& request, std::string_view base) {
    const std::string_view path = request.path();
    if (path.empty() || path != base.substr(0, base.size() - 1)) return std::nullopt;
    response out = text_response(308);
    out.set("Location",
            std::string(base).append(std::string_view(request.target).substr(path.size())));
    return out;
}

}  // namespace parley::http
