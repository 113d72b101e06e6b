// What it means and what it is, a line each; then its value, or those of its buckets, which include all before them.
#include "server/http/metrics.hpp"

namespace parley::http {
namespace {

void append_head(std::string& out, std::string_view name, std::string_view kind, std::string_view doc) {
    out.append("# HELP ").append(name).append(" ").append(doc).append("\n");
    out.append("# TYPE ").append(name).append(" ").append(kind).append("\n");
}

std::string to_seconds(std::uint64_t us) {
    const std::string fraction = std::to_string(us % 1'000'000);
    return std::to_string(us / 1'000'000) + "." + std::string(6 - fraction.size(), '0') + fraction;
}

}  // namespace

std::string metrics_text(std::span<const metric> all) {
    std::string out;
    for (const metric& one : all) {
        append_head(out, one.name, one.kind, one.doc);
        out.append(one.name).append(" ").append(std::to_string(one.value)).append("\n");
    }
    return out;
}

std::string metrics_text(const duration_histogram& one) {
    std::string out;
    append_head(out, one.name, "histogram", one.doc);
    std::uint64_t so_far = 0;
    for (std::size_t i = 0; i < one.counts.size(); ++i) {
        so_far += one.counts[i];
        const std::string bound = i < one.bounds_ms.size() ? to_seconds(one.bounds_ms[i] * 1000) : "+Inf";
        out.append(one.name).append("_bucket{le=\"").append(bound).append("\"} ").append(std::to_string(so_far));
        out.append("\n");
    }
    out.append(one.name).append("_sum ").append(to_seconds(one.sum_us)).append("\n");
    out.append(one.name).append("_count ").append(std::to_string(so_far)).append("\n");
    return out;
}

}  // namespace parley::http
