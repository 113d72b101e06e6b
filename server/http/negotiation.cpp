// Weights are kept in thousandths: `q` has at most three decimals.
#include "server/http/negotiation.hpp"

#include "server/http/tokens.hpp"

namespace parley::http {
namespace {

// q=0.5 -> 500. A missing weight, or one that is malformed, is 1.
int weight_of(std::string_view parameters) {
    int weight = 1000;
    for_each_element(parameters, ';', [&](std::string_view parameter) {
        if (parameter.size() < 3 || !same_token(parameter.substr(0, 2), "q=")) return true;
        const auto digits = parameter.substr(2);
        weight = digits.front() == '0' ? 0 : 1000;
        for (std::size_t i = 2, unit = 100; weight < 1000 && i < digits.size() && i < 5;
             ++i, unit /= 10)
            if (digits[i] >= '0' && digits[i] <= '9')
                weight += (digits[i] - '0') * static_cast<int>(unit);
        return false;
    });
    return weight;
}

struct weights {
    std::optional<int> br, gzip, identity, any;

    void read(std::string_view list) {
        for_each_element(list, ',', [this](std::string_view element) {
            const auto semicolon = element.find(';');
            const auto name = trim(element.substr(0, semicolon));
            const int weight = semicolon == std::string_view::npos
                                   ? 1000
                                   : weight_of(element.substr(semicolon + 1));
            if (same_token(name, "br")) br = weight;
            if (same_token(name, "gzip") || same_token(name, "x-gzip")) gzip = weight;
            if (same_token(name, "identity")) identity = weight;
            if (name == "*") any = weight;
            return true;
        });
    }
};

}  // namespace

std::optional<encoding> negotiate(std::string_view accept_encoding, available forms) {
    weights weights;
    weights.read(accept_encoding);
    const int br = forms.br ? weights.br.value_or(weights.any.value_or(0)) : 0;
    const int gzip = forms.gzip ? weights.gzip.value_or(weights.any.value_or(0)) : 0;
    // The plain form is acceptable unless it is refused. It is compared only when it is named.
    const int identity = weights.identity.value_or(weights.any == 0 ? 0 : 1);
    if (br == 0 && gzip == 0 && identity == 0) return std::nullopt;
    if (br >= gzip && br >= identity) return encoding::br;
    return gzip >= identity ? encoding::gzip : encoding::identity;
}

bool matches_any(std::string_view if_none_match, std::string_view etag) {
    bool found = trim(if_none_match) == "*";
    for_each_element(if_none_match, ',', [&](std::string_view tag) {
        if (tag.starts_with("W/")) tag.remove_prefix(2);
        found = found || tag == etag;
        return !found;
    });
    return found;
}

}  // namespace parley::http
