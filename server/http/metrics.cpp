// Three lines for each: what it means, what it is, its value.
#include "server/http/metrics.hpp"

namespace parley::http {

std::string metrics_text(std::span<const metric> all) {
    std::string out;
    for (const metric& one : all) {
        out.append("# HELP ").append(one.name).append(" ").append(one.doc).append("\n# TYPE ").append(one.name);
        out.append(" ").append(one.kind).append("\n").append(one.name).append(" ");
        out.append(std::to_string(one.value)).append("\n");
    }
    return out;
}

}  // namespace parley::http
