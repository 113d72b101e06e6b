// The requests that are answered at once: the page, health and metrics. All shards share one
// object, which never changes.
#pragma once

#include "server/http/metrics_access.hpp"
#include "server/http/request.hpp"
#include "server/http/response.hpp"
#include "server/http/static_files.hpp"

#include <functional>
#include <string>

namespace parley::http {

// Called at each request, from any thread.
struct state_of_server {
    std::function<std::string()> trouble;  // why it cannot write; empty: it can
    std::function<std::string()> damage;   // found in the data, which are served all the same
    std::function<bool()> is_checking;     // all data is still being read to find damage
    std::function<bool()> stops;           // it takes no new connections
    std::function<std::string()> metrics;
};

class site {
public:
    site(static_files files, state_of_server state, std::string base_path,
         metrics_access metrics = {})
        : files_(std::move(files)),
          state_(std::move(state)),
          base_path_(std::move(base_path)),
          metrics_(std::move(metrics)) {}

    response answer(const request& request) const;
    const std::string& base_path() const { return base_path_; }

private:
    response health() const;
    std::optional<response> probe(const request& request) const;

    const static_files files_;
    const state_of_server state_;
    const std::string base_path_;  // see http/base_path
    const metrics_access metrics_;
};

}  // namespace parley::http
