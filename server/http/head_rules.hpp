// The rules and limits that the head of a request and the framing of its body must obey before
// anything reads them. A breach of these rules lets two readers of one stream see different
// requests (RFC 9112, sections 3.2, 5.2, 6.1, 11.2).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace parley::http {

// A browser sends the cookies of all servers on this host, whatever their port.
inline constexpr std::size_t head_bytes_max = 32 * 1024;
inline constexpr std::size_t head_fields_max = 100;
inline constexpr std::size_t body_bytes_max = 64 * 1024;
inline constexpr std::size_t chunk_extension_bytes_max = 256;  // of one chunk

struct breach {
    int status;
    std::string_view complaint;
};

// `head`: from the request line up to and including the empty line. Nothing: it may be parsed.
std::optional<breach> find_breach(std::string_view head);

// `text`: the bytes between the size of a chunk and the end of its line, which the parser has taken
// for extensions.
bool are_chunk_extensions(std::string_view text);

}  // namespace parley::http
