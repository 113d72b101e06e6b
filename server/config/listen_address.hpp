// Where to listen: HOST:PORT.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parley::config {

struct listen_address {
    std::string host = "127.0.0.1";  // a literal address, without brackets
    std::uint16_t port = 8080;

    // Whether only this machine can connect.
    bool is_loopback() const;

    // 127.0.0.1:8080, or [::1]:8080.
    std::string text() const;

    // For people: http://localhost:8080/
    std::string url(bool over_tls) const;

    bool operator==(const listen_address&) const = default;
};

// 127.0.0.1:8080, localhost:8080, [::1]:8080, 0.0.0.0:8080, :8080 (every address), 8080 (loopback).
// Port 0: any free.
std::optional<listen_address> parse_listen_address(std::string_view text);

}  // namespace parley::config
