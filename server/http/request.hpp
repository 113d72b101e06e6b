// An HTTP request as a value: what the network layer read and checked.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::http {

struct request {
    std::string method{};
    std::string target{};                                        // origin-form: /path?query
    std::vector<std::pair<std::string, std::string>> headers{};  // names in lower case
    std::string body{};
    std::string remote_address{};
    bool over_tls = false;  // that this server has ended itself

    // The first of that name; `name` in lower case.
    std::optional<std::string_view> header(std::string_view name) const {
        for (const auto& [key, value] : headers)
            if (key == name) return value;
        return std::nullopt;
    }

    std::string_view path() const { return std::string_view(target).substr(0, target.find('?')); }
};

}  // namespace parley::http
