// A family is a line with its help, a line with its type, then its values. A bucket of a histogram
// includes all buckets before it.
#include "server/http/metrics.hpp"

#include "shared/ensure.hpp"

namespace parley::http {
namespace {

std::string number(std::uint64_t value, unit measured_in) {
    if (measured_in == unit::one) return std::to_string(value);
    std::string out = std::to_string(value % 1'000'000);
    out = std::to_string(value / 1'000'000) + "." + std::string(6 - out.size(), '0') + out;
    out.erase(out.find_last_not_of('0') + 1);
    if (out.back() == '.') out.pop_back();
    return out;
}

void append_escaped(std::string& out, std::string_view text, bool quoted) {
    for (const char c : text) {
        if (c == '\n')
            out.append("\\n");
        else if (c == '\\' || (quoted && c == '"'))
            out.append(1, '\\').append(1, c);
        else
            out.append(1, c);
    }
}

}  // namespace

metrics_text& metrics_text::family(std::string_view name, std::string_view kind,
                                   std::string_view help) {
    name_ = name;
    out_.append("# HELP ").append(name).append(" ");
    append_escaped(out_, help, false);
    out_.append("\n# TYPE ").append(name).append(" ").append(kind).append("\n");
    return *this;
}

void metrics_text::line(std::string_view suffix, labels pairs, std::string_view value) {
    out_.append(name_).append(suffix);
    char before = '{';
    for (const label& pair : pairs) {
        out_.append(1, before).append(pair.name).append("=\"");
        append_escaped(out_, pair.value, true);
        out_.append("\"");
        before = ',';
    }
    if (pairs.size() > 0) out_.append("}");
    out_.append(" ").append(value).append("\n");
}

metrics_text& metrics_text::sample(std::uint64_t value, labels pairs, unit measured_in) {
    line("", pairs, number(value, measured_in));
    return *this;
}

metrics_text& metrics_text::histogram(std::string_view name, std::string_view help,
                                      const histogram_values& values) {
    ensure(values.counts.size() == values.bounds.size() + 1);
    family(name, "histogram", help);
    std::uint64_t so_far = 0;
    for (std::size_t i = 0; i < values.counts.size(); ++i) {
        so_far += values.counts[i];
        const std::string bound =
            i < values.bounds.size() ? number(values.bounds[i], values.unit) : "+Inf";
        line("_bucket", {{"le", bound}}, std::to_string(so_far));
    }
    line("_sum", {}, number(values.sum, values.unit));
    line("_count", {}, std::to_string(so_far));
    return *this;
}

}  // namespace parley::http
