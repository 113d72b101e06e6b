// What the program asks of the page: the functions of the object that app.js passes in as `page`.
#pragma once

#include <cstdint>
#include <string>

namespace parley::bindings {

void page_flush_soon();  // call parley_flush() with the next frame
void page_post(const std::string& type, const std::string& body);
void page_store(const std::string& key, const std::string& value);  // an empty value is erased
void page_erase(const std::string& prefix);
void page_load(const std::string& prefix);  // calls parley_restored() for each, at once

std::int64_t local_offset_ms(std::uint64_t at_ms);
std::uint64_t random_bits();

// For all durations: nobody sets this clock. It may stand still while the machine sleeps; a
// connection that died meanwhile is found by its unanswered ping.
std::uint64_t now_ms();

// For what people see: since 1970-01-01T00:00:00Z by the machine's date.
std::uint64_t date_ms();

}  // namespace parley::bindings
