// Which requests become WebSockets, and of what kind.
#include "server/http/upgrade.hpp"

#include "tests/unit/catch.hpp"

#include <algorithm>

using namespace parley::http;

namespace {

request handshake(const std::string& target) {
    return {.method = "GET",
            .target = target,
            .headers = {{"host", "localhost:8080"},
                        {"connection", "keep-alive, Upgrade"},
                        {"upgrade", "WebSocket"},
                        {"sec-websocket-version", "13"},
                        {"sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="}}};
}

request with(request request, const std::string& name, const std::string& value) {
    std::erase_if(request.headers, [&](const auto& field) { return field.first == name; });
    if (!value.empty()) request.headers.emplace_back(name, value);
    return request;
}

int status_of(const request& request) {
    const auto plan = plan_upgrade(request, {});
    return std::holds_alternative<upgrade>(plan) ? 101 : std::get<response>(plan).status;
}

upgrade plan_of(const request& request) { return std::get<upgrade>(plan_upgrade(request, {})); }

}  // namespace

TEST_CASE("a handshake needs all its parts") {
    const request good = handshake("/ws");
    CHECK(status_of(good) == 101);
    CHECK(status_of(with(good, "upgrade", "")) == 426);
    CHECK(status_of(with(good, "upgrade", "h2c")) == 426);
    CHECK(status_of(with(good, "connection", "close")) == 426);
    CHECK(status_of(with(good, "sec-websocket-version", "8")) == 426);
    CHECK(status_of(with(good, "sec-websocket-version", "")) == 426);
    CHECK(status_of(with(good, "sec-websocket-key", "")) == 400);
    CHECK(status_of(with(good, "sec-websocket-key", "c2hvcnQ=")) == 400);
    CHECK(status_of(with(good, "sec-websocket-key", "dGhlIHNhbXBsZSBub25jZR==")) == 400);
    CHECK(status_of(with(good, "sec-websocket-key", "!!!!IHNhbXBsZSBub25jZQ==")) == 400);
    request post = good;
    post.method = "POST";
    CHECK(status_of(post) == 405);
    request twice = good;
    twice.headers.emplace_back("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
    CHECK(status_of(twice) == 400);
}

TEST_CASE("a handshake that a proxy has taken to pieces says what the proxy must pass on") {
    const auto refused = [](request request) {
        return std::get<response>(plan_upgrade(request, {}));
    };
    const request good = handshake("/ws");
    request old = good;
    old.version = http_1_0;
    for (const request& request :
         {with(good, "upgrade", ""), with(good, "connection", "close"), old}) {
        const response answer = refused(request);
        CHECK(answer.status == 426);
        CHECK(answer.body.find("HTTP/1.1") != std::string_view::npos);
        CHECK(answer.body.find("Upgrade: websocket") != std::string_view::npos);
        CHECK(answer.body.find("Connection: Upgrade") != std::string_view::npos);
        CHECK_FALSE(answer.reason.empty());
    }
    // Whoever looks at the address with a browser has met no faulty proxy.
    const request visit{.method = "GET", .target = "/ws", .headers = {{"host", "localhost"}}};
    CHECK(refused(visit).status == 426);
    CHECK(refused(visit).reason.empty());
}

TEST_CASE("426 has the version that is spoken") {
    const auto plan = plan_upgrade(with(handshake("/ws"), "sec-websocket-version", "8"), {});
    const auto& fields = std::get<response>(plan).headers;
    CHECK(std::find(fields.begin(), fields.end(),
                    std::pair<std::string, std::string>("Sec-WebSocket-Version", "13")) !=
          fields.end());
}

TEST_CASE("a page of another origin is refused") {
    CHECK(status_of(with(handshake("/ws"), "origin", "http://localhost:8080")) == 101);
    CHECK(status_of(with(handshake("/ws"), "origin", "http://evil.example")) == 403);
    CHECK(status_of(with(handshake("/echo"), "origin", "http://evil.example")) == 403);
}

TEST_CASE("the subprotocol decides what is spoken") {
    CHECK(plan_of(handshake("/ws")).kind == wire_kind::plain);
    CHECK(plan_of(with(handshake("/ws"), "sec-websocket-protocol", "parley.1")).kind ==
          wire_kind::parley);
    CHECK(plan_of(with(handshake("/ws"), "sec-websocket-protocol", "chat, parley.1")).kind ==
          wire_kind::parley);
    CHECK(plan_of(with(handshake("/ws"), "sec-websocket-protocol", "chat")).kind ==
          wire_kind::plain);
    CHECK(plan_of(handshake("/echo")).kind == wire_kind::echo);
}

TEST_CASE("room and name come from the query") {
    CHECK(plan_of(handshake("/ws")).room == "lobby");
    CHECK_FALSE(plan_of(handshake("/ws")).name);
    const auto plan = plan_of(handshake("/ws?name=ann&room=dev%2Etools"));
    CHECK(plan.room == "dev.tools");
    CHECK(plan.name == "~ann");
    CHECK(plan_of(handshake("/ws?name=~ann")).name == "~ann");
    CHECK(plan_of(handshake("/ws?room=a&room=b")).room == "a");
    for (const char* target :
         {"/ws?room=", "/ws?room=A", "/ws?room=a%20b", "/ws?room=%zz", "/ws?room=a+b",
          "/ws?name=", "/ws?name=x", "/ws?name=~", "/ws?name=-ann", "/ws?name=a--b",
          "/ws?name=%C3%A9ric", "/ws?name=ann%00", "/ws?room=%2"})
        CHECK(status_of(handshake(target)) == 400);
    CHECK(status_of(handshake("/ws?room=" + std::string(64, 'a'))) == 101);
    CHECK(status_of(handshake("/ws?room=" + std::string(65, 'a'))) == 400);
    CHECK(status_of(handshake("/ws?name=" + std::string(32, 'a'))) == 101);
    CHECK(status_of(handshake("/ws?name=" + std::string(33, 'a'))) == 400);
}
