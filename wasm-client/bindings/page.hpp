// What the program calls in the page: the functions of the object `page` in app.js, and a few of
// the browser's own.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace parley::bindings {

void page_flush_soon();  // call parley_flush() with the next frame
void page_post(const std::string& type, const std::string& body);

// The storage of the browser. An empty value is erased, and one that is not there reads as empty.
void page_store(const std::string& key, const std::string& value);
void page_erase(const std::string& prefix);
std::vector<std::string> page_keys(const std::string& prefix);  // that begin with it
std::string page_value(const std::string& key);

std::int64_t local_offset_ms(std::uint64_t at_ms);
std::uint64_t random_bits();

// The clock for durations: nobody sets it. It may stop while the machine sleeps; a connection that
// died meanwhile does not answer the next ping.
std::uint64_t now_ms();

// The date that people see, since 1970-01-01T00:00:00Z.
std::uint64_t date_ms();

}  // namespace parley::bindings
