// An HTTP request as a value: what the network layer read and checked.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::http {

inline constexpr int http_1_0 = 10, http_1_1 = 11;

struct request {
    std::string method{};
    std::string target{};                                        // /path?query, or *
    std::vector<std::pair<std::string, std::string>> headers{};  // names in lower case
    std::string body{};
    std::string peer_address{};    // of the connection; in its usual form
    std::string remote_address{};  // of the network that the request counts for
    int version = http_1_1;
    bool over_tls = false;  // that this server has ended itself

    // The first of that name; `name` in lower case.
    std::optional<std::string_view> header(std::string_view name) const {
        for (const auto& [key, value] : headers)
            if (key == name) return value;
        return std::nullopt;
    }

    // In place of all of that name; `name` in lower case.
    void set_header(std::string_view name, std::string_view value) {
        std::erase_if(headers, [&](const auto& field) { return field.first == name; });
        headers.emplace_back(name, value);
    }

    std::string_view path() const { return std::string_view(target).substr(0, target.find('?')); }
};

}  // namespace parley::http
