// Allows only bytes that mean the same in a target, a cookie's path and a Location header.
#include "server/config/base_path.hpp"

namespace parley::config {
namespace {

constexpr std::size_t base_path_bytes_max = 256;

bool is_segment(std::string_view text) {
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-";
    return !text.empty() && text != "." && text != ".." &&
           text.find_first_not_of(letters) == std::string_view::npos;
}

}  // namespace

std::string normal_base_path(std::string_view text) {
    if (text.size() > base_path_bytes_max || !text.starts_with('/')) return {};
    std::string out(text);
    if (!out.ends_with('/')) out += '/';
    std::string_view rest = std::string_view(out).substr(1);
    while (!rest.empty()) {
        const auto slash = rest.find('/');
        if (!is_segment(rest.substr(0, slash))) return {};
        rest.remove_prefix(slash + 1);
    }
    return out;
}

}  // namespace parley::config
