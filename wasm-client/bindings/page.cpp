// Calls from C++ into JavaScript.
#include "wasm-client/bindings/page.hpp"

#include <emscripten.h>
#include <cstdlib>

// clang-format off
EM_JS(void, js_flush_soon, (), { Module.page.flushSoon(); });
EM_JS(void, js_post, (const char* type, const char* body), {
    Module.page.post(UTF8ToString(type), UTF8ToString(body));
});
EM_JS(void, js_store, (const char* key, const char* value), {
    Module.page.store(UTF8ToString(key), UTF8ToString(value));
});
EM_JS(void, js_erase, (const char* prefix), { Module.page.erase(UTF8ToString(prefix)); });
EM_JS(char*, js_keys, (const char* prefix), { return Module.page.keys(UTF8ToString(prefix)); });
EM_JS(char*, js_value, (const char* key), { return Module.page.value(UTF8ToString(key)); });
EM_JS(double, js_offset_ms, (double at), { return new Date(at).getTimezoneOffset() * -60000; });
EM_JS(double, js_now, (), { return performance.now(); });
EM_JS(double, js_date, (), { return Date.now(); });
EM_JS(void, js_random, (void* to, int bytes), {
    crypto.getRandomValues(HEAPU8.subarray(to, to + bytes));
});
// clang-format on

namespace parley::bindings {
namespace {

// The time of the steady clock when the page was opened. It is not 0, which means "never" in the
// model.
constexpr std::uint64_t opened_at_ms = 60 * 60 * 1000;

// A text that the page has copied into the program's memory.
std::string take(char* text) {
    std::string copy = text;
    std::free(text);
    return copy;
}

}  // namespace

void page_flush_soon() { js_flush_soon(); }
void page_post(const std::string& type, const std::string& body) {
    js_post(type.c_str(), body.c_str());
}
void page_store(const std::string& key, const std::string& value) {
    js_store(key.c_str(), value.c_str());
}
void page_erase(const std::string& prefix) { js_erase(prefix.c_str()); }

std::vector<std::string> page_keys(const std::string& prefix) {
    const std::string lines = take(js_keys(prefix.c_str()));  // each key ends with a line feed
    std::vector<std::string> keys;
    for (std::size_t begin = 0, end; (end = lines.find('\n', begin)) != lines.npos; begin = end + 1)
        keys.push_back(lines.substr(begin, end - begin));
    return keys;
}

std::string page_value(const std::string& key) { return take(js_value(key.c_str())); }

std::int64_t local_offset_ms(std::uint64_t at_ms) {
    return static_cast<std::int64_t>(js_offset_ms(static_cast<double>(at_ms)));
}

std::uint64_t random_bits() {
    std::uint64_t bits = 0;
    js_random(&bits, sizeof bits);
    return bits;
}

std::uint64_t now_ms() { return opened_at_ms + static_cast<std::uint64_t>(js_now()); }

std::uint64_t date_ms() { return static_cast<std::uint64_t>(js_date()); }

}  // namespace parley::bindings
