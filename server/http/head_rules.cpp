// Reads the raw bytes line by line: after a parser has joined or dropped lines it is too late.
#include "server/http/head_rules.hpp"

#include "server/http/target.hpp"
#include "server/http/tokens.hpp"

#include <algorithm>
#include <array>

namespace parley::http {
namespace {

constexpr std::array<std::string_view, 9> methods{"GET",     "HEAD",    "POST",  "PUT",  "DELETE",
                                                  "OPTIONS", "CONNECT", "TRACE", "PATCH"};

std::string_view take_line(std::string_view& rest) {
    const auto end = rest.find("\r\n");
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 2);
    return line;
}

std::optional<breach> check_request_line(std::string_view line) {
    const auto first = line.find(' '), last = line.rfind(' ');
    if (first == std::string_view::npos || last == first)
        return breach{400, "malformed request line"};
    const auto method = line.substr(0, first), target = line.substr(first + 1, last - first - 1);
    const auto version = line.substr(last + 1);
    if (version.size() != 8 || !version.starts_with("HTTP/"))
        return breach{400, "malformed request line"};
    if (version != "HTTP/1.1" && version != "HTTP/1.0")
        return breach{505, "HTTP/1.1 is spoken here"};
    if (std::find(methods.begin(), methods.end(), method) == methods.end())
        return breach{501, "unknown method"};
    if (!parse_target(method, target))
        return breach{400, "the target must be a path, or http://host/path"};
    return std::nullopt;
}

// The fields that decide where a request ends, which host it is for and whose page sent it.
struct framing {
    std::size_t hosts = 0, origins = 0, lengths = 0, encodings = 0;
    std::string_view length;

    std::optional<breach> add(std::string_view name, std::string_view value) {
        if (same_token(name, "host")) {
            if (++hosts > 1 || value.empty() ||
                value.find_first_of("/@?#, \t") != std::string_view::npos)
                return breach{400, "exactly one Host is needed"};
        } else if (same_token(name, "origin")) {
            if (++origins > 1) return breach{400, "more than one Origin"};
        } else if (same_token(name, "content-length")) {
            const bool digits = !value.empty() && value.size() <= 18 &&
                                value.find_first_not_of("0123456789") == std::string_view::npos;
            if (!digits || (++lengths > 1 && value != length))
                return breach{400, "contradictory Content-Length"};
            length = value;
        } else if (same_token(name, "transfer-encoding")) {
            if (++encodings > 1 || !same_token(value, "chunked"))
                return breach{400, "only chunked bodies are read"};
        }
        return std::nullopt;
    }
};

// No CR, LF or NUL: some readers end a line or a string there (RFC 9110, section 5.5).
bool is_field_byte(char c) {
    return c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != 0x7F);
}

bool are_field_bytes(std::string_view text) {
    return std::all_of(text.begin(), text.end(), is_field_byte);
}

std::optional<breach> check_field(std::string_view line, framing& framing) {
    if (line.front() == ' ' || line.front() == '\t') return breach{400, "folded header field"};
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
        return breach{400, "malformed header field"};
    if (!are_field_bytes(line)) return breach{400, "bad character in a header field"};
    return framing.add(line.substr(0, colon), trim(line.substr(colon + 1)));
}

}  // namespace

std::optional<breach> find_breach(std::string_view head) {
    if (head.size() > head_bytes_max) return breach{431, {}};
    const std::string_view request_line = take_line(head);
    if (auto breach = check_request_line(request_line)) return breach;
    const bool is_1_1 = request_line.ends_with("1.1");
    framing framing;
    std::size_t fields = 0;
    for (auto line = take_line(head); !line.empty(); line = take_line(head)) {
        if (++fields > head_fields_max) return breach{431, {}};
        if (auto breach = check_field(line, framing)) return breach;
    }
    if (is_1_1 && framing.hosts == 0) return breach{400, "exactly one Host is needed"};
    if (framing.encodings > 0 && (framing.lengths > 0 || !is_1_1))
        return breach{400, "contradictory body length"};
    return std::nullopt;
}

// RFC 9112, section 7.1.1. Beast's parser accepts a line feed or a NUL in quotes, where other
// readers see the end of the line.
bool are_chunk_extensions(std::string_view text) {
    return text.size() <= chunk_extension_bytes_max && are_field_bytes(text);
}

}  // namespace parley::http
