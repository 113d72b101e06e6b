// Two functions of libc that the JSON parser calls, for results that nobody uses: the value of a
// number that is no integer, and the text of an error. The library's own bring long doubles,
// streams and all of printf: 9.9 KB of 63 in every first visit (brotli, 2026-11-26). They are weak,
// so that the library's are taken where something else needs them.
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
