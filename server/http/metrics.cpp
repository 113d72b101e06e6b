// What a family means and what it is, a line each; then its values. A bucket includes all before
// it.
#include "server/http/metrics.hpp"

namespace parley::http {
namespace {

std::string number(std::uint64_t value, unit of) {
    if (of == unit::one) return std::to_string(value);
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

void metrics_text::line(std::string_view suffix, labels which, std::string_view value) {
    out_.append(name_).append(suffix);
    char before = '{';
    for (const label& one : which) {
        out_.append(1, before).append(one.name).append("=\"");
        append_escaped(out_, one.value, true);
        out_.append("\"");
        before = ',';
    }
    if (which.size() > 0) out_.append("}");
    out_.append(" ").append(value).append("\n");
}

metrics_text& metrics_text::sample(std::uint64_t value, labels which, unit of) {
    line("", which, number(value, of));
    return *this;
}

metrics_text& metrics_text::histogram(std::string_view name, std::string_view help,
                                      const histogram_values& what) {
    family(name, "histogram", help);
    std::uint64_t so_far = 0;
    for (std::size_t i = 0; i < what.counts.size(); ++i) {
        so_far += what.counts[i];
        const std::string bound = i < what.bounds.size() ? number(what.bounds[i], what.of) : "+Inf";
        line("_bucket", {{"le", bound}}, std::to_string(so_far));
    }
    line("_sum", {}, number(what.sum, what.of));
    line("_count", {}, std::to_string(so_far));
    return *this;
}

}  // namespace parley::http
