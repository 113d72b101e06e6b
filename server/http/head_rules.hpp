// What the head of a request must look like before anything reads it: the rules whose breach lets
// two readers of one stream see different requests (RFC 9112, sections 3.2, 5.2, 6.1, 11.2), and
// the limits.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace parley::http {

inline constexpr std::size_t head_bytes_max = 8 * 1024;
inline constexpr std::size_t head_fields_max = 100;
inline constexpr std::size_t body_bytes_max = 64 * 1024;

struct breach {
    int status;
    std::string_view complaint;
};

// `head`: from the request line up to and with the empty line. Nothing when it may be parsed.
std::optional<breach> find_breach(std::string_view head);

}  // namespace parley::http
