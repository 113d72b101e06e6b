// Which encoding of a file a request gets (RFC 9110, section 12.5.3), and whether the client has
// the file already (13.1.2).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace parley::http {

enum class encoding : std::uint8_t { identity, gzip, br };

struct available {
    bool gzip = false, br = false;
};

// The smallest form of those that the client prefers; nothing when it refuses all of them.
std::optional<encoding> negotiate(std::string_view accept_encoding, available forms);

// Weak comparison: W/ is ignored, * matches everything.
bool matches_any(std::string_view if_none_match, std::string_view etag);

}  // namespace parley::http
