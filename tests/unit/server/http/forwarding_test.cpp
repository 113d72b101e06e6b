// Who comes through a proxy, and that nobody from the internet becomes a guest because the proxy is
// on this machine.
#include "server/http/forwarding.hpp"

#include "tests/unit/catch.hpp"

using namespace parley::http;

namespace {

request with(std::vector<std::pair<std::string, std::string>> fields) {
    return {.headers = std::move(fields)};
}

}  // namespace

TEST_CASE("guests that nobody decided on are only those who come directly") {
    for (const char* field : {"x-forwarded-for", "x-forwarded-proto", "forwarded"}) {
        INFO(field);
        const request asked = with({{"host", "chat.example"}, {field, "x"}});
        CHECK(was_forwarded(asked));
        CHECK_FALSE(takes_guests(guest_policy::direct, asked));
        CHECK(takes_guests(guest_policy::on, asked));
        CHECK_FALSE(takes_guests(guest_policy::off, asked));
    }
    const request direct = with({{"host", "localhost:8080"}});
    CHECK(takes_guests(guest_policy::direct, direct));
    CHECK(takes_guests(guest_policy::on, direct));
    CHECK_FALSE(takes_guests(guest_policy::off, direct));
}

TEST_CASE("a name that was made to point at this machine is no name of it") {
    for (const char* host : {"localhost", "localhost:8080", "LocalHost", "chat.localhost:80",
                             "127.0.0.1", "127.1.2.3:8080", "[::1]", "[::1]:8080"}) {
        INFO(host);
        CHECK(takes_guests(guest_policy::direct, with({{"host", host}})));
    }
    for (const char* host :
         {"evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example",
          "127.evil.example", "[::2]", "10.0.0.1", ""}) {
        INFO(host);
        CHECK_FALSE(takes_guests(guest_policy::direct, with({{"host", host}})));
        CHECK(takes_guests(guest_policy::on, with({{"host", host}})));
    }
}

TEST_CASE("the address is the one that the nearest proxy has added") {
    CHECK(forwarded_for(with({{"x-forwarded-for", "203.0.113.7"}})) == "203.0.113.7");
    CHECK(forwarded_for(with({{"x-forwarded-for", "10.0.0.1, 203.0.113.7 "}})) == "203.0.113.7");
    CHECK(forwarded_for(with({{"x-forwarded-for", "10.0.0.1"},
                              {"x-forwarded-for", "2001:db8::1"}})) == "2001:db8::1");
    CHECK(forwarded_for(with({{"x-forwarded-for", "10.0.0.1,"}})).empty());
    CHECK(forwarded_for({}).empty());
}
