// Two functions of libc that the JSON parser calls, for results that nobody uses: the value of a
// number that is not an integer, and the text of an error. Those of libc would bring in long
// doubles, streams and printf: 9.9 KB of 63 in every first visit (brotli, 2026-11-26). These are
// weak, so that libc's own win if another file needs them.
#include "wasm-client/bindings/decimal.hpp"

#include <cstddef>

extern "C" {

[[gnu::weak]] double strtod(const char* text, char** end) {
    const char* stop = text;
    const double value = parley::bindings::read_decimal(text, stop);
    if (end) *end = const_cast<char*>(stop);
    return value;
}
[[gnu::weak]] float strtof(const char* text, char** end) {
    return static_cast<float>(strtod(text, end));
}
[[gnu::weak]] long double strtold(const char* text, char** end) { return strtod(text, end); }

[[gnu::weak]] int snprintf(char* to, std::size_t size, const char*, ...) {
    if (size > 0) *to = '\0';
    return 0;
}
}
