// What a line looks like, whatever is in it.
#include "server/log/log.hpp"

#include "tests/unit/catch.hpp"

using namespace parley;
using log::level;
using log::to_line;

namespace {

std::string value_of(std::string_view text) {
    return to_line(level::info, "m", {{"k", text}})
        .substr(std::string_view("level=info msg=\"m\" k=").size());
}

}  // namespace

TEST_CASE("a line is level, message and fields; numbers and plain words need no quotes") {
    CHECK(to_line(level::warn, "two words",
                  {{"path", "/api/1/send"}, {"status", 503}, {"remote", "::1"}}) ==
          "level=warn msg=\"two words\" path=/api/1/send status=503 remote=::1");
    CHECK(to_line(level::debug, "m", {{"user", ""}}) == "level=debug msg=\"m\"");
}

TEST_CASE("nothing forges a line or a field, or talks to a terminal") {
    CHECK(value_of("a b") == "\"a b\"");
    CHECK(value_of("a=b") == "\"a=b\"");
    CHECK(value_of("x\" level=error") == "\"x\\\" level=error\"");
    CHECK(value_of("x\\") == "\"x\\\\\"");
    CHECK(value_of("x\nlevel=error") == "\"x\\x0alevel=error\"");
    CHECK(value_of(std::string_view("\x1b[2J\r\t\0\x7f", 8)) == "\"\\x1b[2J\\x0d\\x09\\x00\\x7f\"");
    CHECK(value_of("\xc2\x9b"
                   "2J") == "\"\\x9b2J\"");
    CHECK(value_of("\xc3\xa9t\xc3\xa9") == "\"\xc3\xa9t\xc3\xa9\"");
    CHECK(value_of("\xff\xc3") == "\"\\xff\\xc3\"");
}

TEST_CASE("a long value is cut between characters") {
    std::string text = "x";
    while (text.size() < 3000) text += "\xc3\xa9";
    const std::string shown = value_of(text);
    CHECK(shown.size() == 2 + log::value_bytes_max - 1);
    CHECK(shown.back() == '"');
}
