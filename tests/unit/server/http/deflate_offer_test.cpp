// Offers of permessage-deflate, good and bad.
#include "server/http/deflate_offer.hpp"

#include "tests/unit/catch.hpp"

using namespace parley::http;

namespace {

std::string answer_to(std::initializer_list<const char*> headers) {
    request request;
    for (const char* offer : headers)
        request.headers.emplace_back("sec-websocket-extensions", offer);
    return answer_deflate_offers(request);
}

const std::string agreed =
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

}  // namespace

TEST_CASE("offers of browsers and libraries are accepted") {
    CHECK(answer_to({"permessage-deflate; client_max_window_bits"}) == agreed);
    CHECK(answer_to({"permessage-deflate"}) == agreed);
    CHECK(
        answer_to({"permessage-deflate;server_no_context_takeover ; client_no_context_takeover"}) ==
        agreed);
    CHECK(answer_to({"permessage-deflate; client_max_window_bits=9"}) == agreed);
    CHECK(answer_to({"permessage-deflate; client_max_window_bits=\"15\""}) == agreed);
    CHECK(answer_to({"permessage-deflate; server_max_window_bits=15"}) ==
          agreed + "; server_max_window_bits=15");
    CHECK(answer_to({"permessage-deflate; server_max_window_bits = \"15\""}) ==
          agreed + "; server_max_window_bits=15");
}

TEST_CASE("the first offer that can be kept to is taken") {
    CHECK(
        answer_to({"x-other, permessage-deflate; server_max_window_bits=10, permessage-deflate"}) ==
        agreed);
    CHECK(answer_to({"x-other; permessage-deflate", "permessage-deflate"}) == agreed);
    CHECK(answer_to({"permessage-deflate; server_max_window_bits=15, permessage-deflate"}) ==
          agreed + "; server_max_window_bits=15");
}

TEST_CASE("an offer that cannot be kept to, or breaks the rules, is declined") {
    for (const char* offer :
         {"",
          "x-webkit-deflate-frame",
          "permessage-deflate2",
          "permessage-bzip2",
          "x; permessage-deflate",
          "permessage-deflate; server_max_window_bits=8",
          "permessage-deflate; server_max_window_bits=14",
          "permessage-deflate; server_max_window_bits",
          "permessage-deflate; server_max_window_bits=16",
          "permessage-deflate; server_max_window_bits=015",
          "permessage-deflate; server_max_window_bits=\"15",
          "permessage-deflate; client_max_window_bits=7",
          "permessage-deflate; client_max_window_bits=16",
          "permessage-deflate; client_max_window_bits=",
          "permessage-deflate; client_max_window_bits=1a",
          "permessage-deflate; client_max_window_bits=-9",
          "permessage-deflate; server_no_context_takeover=1",
          "permessage-deflate; client_no_context_takeover=",
          "permessage-deflate; unknown",
          "permessage-deflate; client_max_window_bits; client_max_window_bits=10",
          "permessage-deflate; server_no_context_takeover; server_no_context_takeover"}) {
        INFO(offer);
        CHECK(answer_to({offer}) == "");
    }
    CHECK(answer_to({}) == "");
}
