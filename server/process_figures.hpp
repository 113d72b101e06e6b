// What the system knows about this process, under the standard names of Prometheus.
#pragma once

#include "server/http/metrics.hpp"

namespace parley {

// Appends process_...: memory, CPU time, descriptors, start. Figures from /proc are left out where
// there is none.
void append_process_figures(http::metrics_text& page);

}  // namespace parley
