// Which ids of others are taken over.
#include "server/http/request_id.hpp"

#include "tests/unit/catch.hpp"

using namespace parley::http;

namespace {

std::optional<std::string> id_given(const std::string& value) {
    request request;
    request.headers.emplace_back("x-request-id", value);
    return request_id_of(request);
}

}  // namespace

TEST_CASE("the id of a proxy is taken over") {
    CHECK(id_given("3f0e7a52-77aa-4c6e-9d0a-0b1c2d3e4f50") ==
          "3f0e7a52-77aa-4c6e-9d0a-0b1c2d3e4f50");
    CHECK(id_given("Root_1:a.b") == "Root_1:a.b");
    CHECK(id_given(std::string(request_id_bytes_max, 'a')).has_value());
}

TEST_CASE("a text that is too long or could break a line is no id") {
    CHECK_FALSE(request_id_of(request{}).has_value());
    for (const std::string& bad :
         {std::string(), std::string(request_id_bytes_max + 1, 'a'), std::string("a b"),
          std::string("a\"b"), std::string("a\nb"), std::string("a=b"), std::string("\xc3\xa9")})
        CHECK_FALSE(id_given(bad).has_value());
}
