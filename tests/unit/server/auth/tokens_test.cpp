// Tokens: long, different, and kept only as their hash.
#include "server/auth/tokens.hpp"

#include "shared/protocol/vocabulary.hpp"
#include "tests/unit/catch.hpp"

#include <set>

using namespace parley;

TEST_CASE("tokens obey the protocol and do not repeat") {
    std::set<std::string> seen;
    for (int i = 0; i < 1'000; ++i) {
        const std::string token = auth::make_token();
        CHECK(token.size() == 43);
        CHECK(protocol::obeys(protocol::token_value, token));
        CHECK(seen.insert(token).second);
    }
}

TEST_CASE("a token is kept as its BLAKE2b-256") {
    // RFC 7693's function with a 32-byte result: `printf abc | b2sum -l 256`.
    CHECK(auth::hash_of("abc") ==
          "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    CHECK(auth::hash_of("") != auth::hash_of("abc"));
}
