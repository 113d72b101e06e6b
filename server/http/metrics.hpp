// Counters in the text format of Prometheus (exposition format 0.0.4).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace parley::http {

struct metric {
    std::string_view name;  // parley_..., with its unit
    std::string_view kind;  // counter or gauge
    std::string_view doc;
    std::uint64_t value;
};

// How long something took, and how often.
struct duration_histogram {
    std::string_view name;  // parley_..._seconds
    std::string_view doc;
    std::span<const std::uint64_t> bounds_ms;  // ascending
    std::span<const std::uint64_t> counts;  // that took at most each bound and more than the one before; then the rest
    std::uint64_t sum_us;
};

std::string metrics_text(std::span<const metric> all);

// REQUIRES: one count more than bounds.
std::string metrics_text(const duration_histogram& one);

}  // namespace parley::http
