// What the system says about this process, under the names that client libraries of Prometheus have
// agreed on.
#pragma once

#include "server/http/metrics.hpp"

namespace parley {

// Appends process_...: memory, CPU time, descriptors, start. Reads /proc, so that a figure without
// one is left out.
void append_process_figures(http::metrics_text& page);

}  // namespace parley
