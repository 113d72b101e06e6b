// Writes the text format of Prometheus (exposition format 0.0.4): families, each with its samples.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace parley::http {

// The unit in which a value is written: whole things, or seconds, given in microseconds.
enum class unit : std::uint8_t { one, seconds };

struct label {
    std::string_view name, value;
};
using labels = std::initializer_list<label>;

struct histogram_values {
    http::unit unit;
    std::span<const std::uint64_t> bounds;  // ascending
    // Values up to each bound and above the one before; then the rest.
    std::span<const std::uint64_t> counts;
    std::uint64_t sum;
};

class metrics_text {
public:
    // Begins a family, to which the samples that follow belong. A name ends in its unit; _total
    // follows in a counter's.
    metrics_text& counter(std::string_view name, std::string_view help) {
        return family(name, "counter", help);
    }
    metrics_text& gauge(std::string_view name, std::string_view help) {
        return family(name, "gauge", help);
    }
    metrics_text& sample(std::uint64_t value, labels pairs = {}, unit measured_in = unit::one);

    // REQUIRES: there is one count more than there are bounds.
    metrics_text& histogram(std::string_view name, std::string_view help,
                            const histogram_values& values);

    const std::string& text() const { return out_; }

private:
    metrics_text& family(std::string_view name, std::string_view kind, std::string_view help);
    void line(std::string_view suffix, labels pairs, std::string_view value);

    std::string name_;
    std::string out_;
};

}  // namespace parley::http
