// A text that could break a header, a line of the log or a terminal is no id.
#include "server/http/request_id.hpp"

#include <algorithm>

namespace parley::http {
namespace {

bool may_be_in_id(char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == ':';
}

}  // namespace

std::optional<std::string> request_id_of(const request& request) {
    const auto given = request.header("x-request-id");
    if (!given || given->empty() || given->size() > request_id_bytes_max) return std::nullopt;
    if (!std::all_of(given->begin(), given->end(), may_be_in_id)) return std::nullopt;
    return std::string(*given);
}

}  // namespace parley::http
