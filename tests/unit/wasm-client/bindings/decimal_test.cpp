// Numbers that are no integers, as the browser reads them, beside the library's.
#include "wasm-client/bindings/decimal.hpp"
#include "tests/unit/catch.hpp"

#include <cmath>
#include <cstdlib>
#include <string>

namespace parley::bindings {
namespace {

double read(const std::string& text, std::size_t length) {
    const char* end = nullptr;
    const double value = read_decimal(text.c_str(), end);
    CHECK(static_cast<std::size_t>(end - text.c_str()) == length);
    return value;
}

}  // namespace

TEST_CASE("a decimal is read as the library reads it, but for its last digits") {
    for (const std::string text :
         {"0", "-0", "7", "-42", "9007199254740991", "0.5", "-1.25e2", "3.14159", "1E+10", "5e-3",
          "123456789012345678901234567890", "1.7976931348623157e300", "4e-300"}) {
        CAPTURE(text);
        const double wanted = std::strtod(text.c_str(), nullptr);
        CHECK(std::abs(read(text, text.size()) - wanted) <= 1e-12 * std::abs(wanted));
        CHECK(std::signbit(read(text, text.size())) == std::signbit(wanted));
    }
}

TEST_CASE("a value beyond the range of double is infinite or 0, for any number of digits") {
    CHECK(std::isinf(read("1e999", 5)));
    CHECK(std::isinf(read("-1e99999999999999999999", 23)));
    CHECK(std::isinf(read(std::string(1000, '9'), 1000)));
    CHECK(read("1e-999", 6) == 0);
    CHECK(read("0e999", 5) == 0);
    CHECK(read("0." + std::string(1000, '0') + "1", 1003) == 0);
}

TEST_CASE("reading ends with the number") {
    CHECK(read("12,", 2) == 12);
    CHECK(read("1.5]", 3) == 1.5);
}

}  // namespace parley::bindings
