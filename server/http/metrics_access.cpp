// Tokens are compared by their hashes, so that the time this takes says nothing about a token.
#include "server/http/metrics_access.hpp"

#include "server/auth/tokens.hpp"
#include "server/base/address.hpp"
#include "server/config/config.hpp"
#include "server/http/credentials.hpp"
#include "server/http/forwarding.hpp"
#include "server/http/tokens.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace parley::http {
namespace {

constexpr std::size_t token_bytes_min = 16, token_bytes_max = 1024;

std::string read_token(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    if (!std::getline(file, line))
        throw std::runtime_error("--metrics-from: cannot read a token from " + path);
    if (line.ends_with('\r')) line.pop_back();
    std::string token(trim(line));
    if (token.size() < token_bytes_min || token.size() > token_bytes_max)
        throw std::runtime_error("--metrics-from: the first line of " + path +
                                 " must be a token of " + std::to_string(token_bytes_min) + " to " +
                                 std::to_string(token_bytes_max) + " bytes");
    return token;
}

}  // namespace

metrics_access::metrics_access(const std::vector<std::string>& sources) {
    for (const std::string& source : sources) {
        if (source.starts_with(config::metrics_token_prefix))
            token_hashes_.push_back(
                auth::hash_of(read_token(source.substr(config::metrics_token_prefix.size()))));
        else if (const auto network = base::parse_network(source))
            networks_.push_back(*network);
    }
}

std::optional<response> metrics_access::find_refusal(const request& request) const {
    if (is_from_here(request) || is_from_network(request)) return std::nullopt;
    if (token_hashes_.empty())
        return text_response(403, "metrics are for this machine; --metrics-from names others");
    const std::string sent = auth::hash_of(token_of(request, {}));
    if (std::find(token_hashes_.begin(), token_hashes_.end(), sent) != token_hashes_.end())
        return std::nullopt;
    response out = text_response(401, "metrics need the token that --metrics-from names");
    out.set("WWW-Authenticate", "Bearer");
    return out;
}

// Only a proxy on this machine is believed: one elsewhere may ask for anybody.
bool metrics_access::is_from_network(const request& request) const {
    if (was_forwarded(request) && !base::is_loopback(request.peer_address)) return false;
    const std::string client = client_address(request);
    return std::any_of(networks_.begin(), networks_.end(),
                       [&](const base::network& network) { return network.contains(client); });
}

}  // namespace parley::http
