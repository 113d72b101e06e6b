// An HTTP request as a value, read and checked by the network layer.
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
    std::string peer_address{};    // of the connection; see base::normal_address
    std::string remote_address{};  // of the client, for its limits: of IPv6 the network
    int version = http_1_1;
    bool over_tls = false;  // to this server itself

    // The first field of that name; `name` in lower case.
    std::optional<std::string_view> header(std::string_view name) const {
        for (const auto& [key, value] : headers)
            if (key == name) return value;
        return std::nullopt;
    }

    // Replaces all fields of that name; `name` in lower case.
    void set_header(std::string_view name, std::string_view value) {
        std::erase_if(headers, [&](const auto& field) { return field.first == name; });
        headers.emplace_back(name, value);
    }

    std::string_view path() const { return std::string_view(target).substr(0, target.find('?')); }
};

}  // namespace parley::http
