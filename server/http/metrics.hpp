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

std::string metrics_text(std::span<const metric> all);

}  // namespace parley::http
