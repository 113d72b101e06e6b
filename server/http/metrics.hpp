// Writes the text format of Prometheus (exposition format 0.0.4): families, each with its samples.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace parley::http {

// What a value is written in: whole things, or seconds of which it counts millionths.
enum class unit : std::uint8_t { one, seconds };

struct label {
    std::string_view name, value;
};
using labels = std::initializer_list<label>;

struct histogram_values {
    unit of;
    std::span<const std::uint64_t> bounds;  // ascending
    std::span<const std::uint64_t>
        counts;  // that were at most each bound and more than the one before; then the rest
    std::uint64_t sum;
};

class metrics_text {
public:
    // The samples that follow belong to it. Names end in their unit, those of counters in _total
    // after that.
    metrics_text& counter(std::string_view name, std::string_view help) {
        return family(name, "counter", help);
    }
    metrics_text& gauge(std::string_view name, std::string_view help) {
        return family(name, "gauge", help);
    }
    metrics_text& sample(std::uint64_t value, labels which = {}, unit of = unit::one);

    // REQUIRES: one count more than bounds.
    metrics_text& histogram(std::string_view name, std::string_view help,
                            const histogram_values& what);

    const std::string& text() const { return out_; }

private:
    metrics_text& family(std::string_view name, std::string_view kind, std::string_view help);
    void line(std::string_view suffix, labels which, std::string_view value);

    std::string name_;
    std::string out_;
};

}  // namespace parley::http
