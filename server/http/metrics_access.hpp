// Who may read /metrics: this machine, and whom --metrics-from names.
#pragma once

#include "server/base/address.hpp"
#include "server/http/request.hpp"
#include "server/http/response.hpp"

#include <optional>
#include <string>
#include <vector>

namespace parley::http {

class metrics_access {
public:
    metrics_access() = default;

    // Each of `sources` is a network (see base::parse_network), for whoever connects from there,
    // directly or through a proxy on this machine; or token:FILE, whose first line
    // is a token that is sent as `Authorization: Bearer`. Throws std::runtime_error with one line
    // when a file cannot be read, or holds a token that could be guessed.
    explicit metrics_access(const std::vector<std::string>& sources);

    // Nothing when the request may read them. 401 where a token would help, else 403.
    std::optional<response> find_refusal(const request& asked) const;

private:
    bool is_from_network(const request& asked) const;

    std::vector<base::network> networks_;
    std::vector<std::string> token_hashes_;
};

}  // namespace parley::http
