// C++ to JavaScript.
#include "wasm-client/bindings/page.hpp"

#include <emscripten.h>

// clang-format off
EM_JS(void, js_flush_soon, (), { Module.page.flushSoon(); });
EM_JS(void, js_post, (const char* type, const char* body), {
    Module.page.post(UTF8ToString(type), UTF8ToString(body));
});
EM_JS(void, js_store, (const char* key, const char* value), {
    Module.page.store(UTF8ToString(key), UTF8ToString(value));
});
EM_JS(void, js_erase, (const char* prefix), { Module.page.erase(UTF8ToString(prefix)); });
EM_JS(void, js_load, (const char* prefix), { Module.page.load(UTF8ToString(prefix)); });
EM_JS(double, js_offset_ms, (double at), { return new Date(at).getTimezoneOffset() * -60000; });
EM_JS(double, js_now, (), { return performance.now(); });
EM_JS(double, js_date, (), { return Date.now(); });
EM_JS(void, js_random, (void* to, int bytes), {
    crypto.getRandomValues(HEAPU8.subarray(to, to + bytes));
});
// clang-format on

namespace parley::bindings {
namespace {

// At which this page was opened, by its steady clock: so the model can say 0 for "never".
constexpr std::uint64_t opened_at_ms = 60 * 60 * 1000;

}  // namespace

void page_flush_soon() { js_flush_soon(); }
void page_post(const std::string& type, const std::string& body) {
    js_post(type.c_str(), body.c_str());
}
void page_store(const std::string& key, const std::string& value) {
    js_store(key.c_str(), value.c_str());
}
void page_erase(const std::string& prefix) { js_erase(prefix.c_str()); }
void page_load(const std::string& prefix) { js_load(prefix.c_str()); }

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
