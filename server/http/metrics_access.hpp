// Who may read /metrics: this machine, and those whom --metrics-from names.
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

    // Each source is a network (see base::parse_network), whose clients may connect directly or
    // through a proxy on this machine; or token:FILE, and the first line of the file must be sent
    // as `Authorization: Bearer`. Throws std::runtime_error with one line when a file cannot be
    // read, or its token could be guessed.
    explicit metrics_access(const std::vector<std::string>& sources);

    // Nothing: the request may read them. 401 where a token would help, else 403.
    std::optional<response> find_refusal(const request& request) const;

private:
    bool is_from_network(const request& request) const;

    std::vector<base::network> networks_;
    std::vector<std::string> token_hashes_;
};

}  // namespace parley::http
