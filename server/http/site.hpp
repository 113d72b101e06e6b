// What is answered at once: the page, health and metrics. The same object serves all shards;
// nothing in it changes.
#pragma once

#include "server/http/metrics_access.hpp"
#include "server/http/request.hpp"
#include "server/http/response.hpp"
#include "server/http/static_files.hpp"

#include <functional>
#include <string>

namespace parley::http {

// Asked at each request, from any thread.
struct state_of_server {
    std::function<std::string()> trouble;  // what keeps it from writing; empty: nothing
    std::function<std::string()> damage;   // of the data, which are served all the same
    std::function<bool()> is_checking;     // whether all data is still being read to find damage
    std::function<bool()> stops;           // takes no new connections any more
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

    response answer(const request& asked) const;
    const std::string& base_path() const { return base_path_; }

private:
    response health() const;
    std::optional<response> probe(const request& asked) const;

    const static_files files_;
    const state_of_server state_;
    const std::string base_path_;  // see http/base_path
    const metrics_access metrics_;
};

}  // namespace parley::http
