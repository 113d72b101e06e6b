// What is tried while the server cannot be reached, how soon, and what people read of it.
#include "tests/unit/wasm-client/view/drawn_page.hpp"

namespace parley::state {
namespace {

const std::string nobody = R"({"type":"ok","guests":true})";
const std::string ann = R"({"type":"ok","user":"ann","guests":true})";

// The strip above the page, as people read it.
nlohmann::json strip_of(const driven_model& d) {
    view::drawn_page page;
    page.draw(d);
    return page.topics["strip"];
}
std::string text_of(const driven_model& d) { return strip_of(d)["text"]; }
bool says(const driven_model& d, const std::string& words) {
    return text_of(d).find(words) != std::string::npos;
}

void fail_handshake(driven_model& d) {
    d.happen(inputs::connecting{});
    d.lose_connection();
}

driven_model signed_in() {
    driven_model d;
    d.happen(inputs::started{"", "https://chat.example.org"});
    d.happen(inputs::posted{"whoami", ann});
    return d;
}

}  // namespace

TEST_CASE("a server that does not answer at the start is asked again, whatever came in its place") {
    driven_model d;
    d.happen(inputs::started{""});
    CHECK(next_attempt(d.model) == attempt::none);
    const auto answer = GENERATE(as<std::string>{}, "", "<html>",
                                 R"({"type":"error","code":"busy","message":"x"})");
    d.happen(inputs::posted{"whoami", answer});
    CHECK(d.model.at == stage::loading);
    CHECK(next_attempt(d.model) == attempt::whoami);
    d.happen(inputs::try_whoami{});
    CHECK(d.posted.size() == 2);
    CHECK(next_attempt(d.model) == attempt::none);
    d.happen(inputs::try_whoami{});
    CHECK(d.posted.size() == 2);
}

TEST_CASE("a start without an answer says so within 5 s, and not before 3 s") {
    driven_model d;
    d.happen(inputs::started{""});
    d.pass(quiet_start_ms - 1);
    CHECK(text_of(d) == "");
    CHECK(next_deadline(d.model, d.now_ms) == d.now_ms + 1);
    d.pass(1);
    CHECK(says(d, "takes long to answer"));
    CHECK(strip_of(d)["retry"] == true);
}

TEST_CASE("a page that something else than the server answers says so, and who can fix it") {
    driven_model d;
    d.happen(inputs::started{"", "https://chat.example.org"});
    const auto answered = [&](std::string body, std::uint16_t status) {
        d.happen(inputs::posted{.type = "whoami", .body = std::move(body), .status = status});
        return text_of(d);
    };
    CHECK(answered("", 0) == "The server cannot be reached.");
    CHECK(answered("<html>", 502).find("answer 502") != std::string::npos);
    CHECK(answered("<html>", 404).find("/api/") != std::string::npos);
    CHECK(answered(R"({"type":"error","code":"busy","message":"x","retry_ms":3000})", 503) ==
          "The server is busy.");
    CHECK(d.model.come_back_after_ms == 3'000);
    const auto untrusted =
        answered(R"({"type":"error","code":"forbidden","message":"this origin"})", 403);
    CHECK(untrusted.find("let the proxy pass the Host header on") != std::string::npos);
    CHECK(untrusted.find("--origin https://chat.example.org.") != std::string::npos);
    d.happen(inputs::posted{"whoami", nobody});
    CHECK(text_of(d) == "");
}

TEST_CASE("after a failed handshake the page sends whoami, and nothing else until it is answered") {
    driven_model d = signed_in();
    CHECK(next_attempt(d.model) == attempt::connect);
    fail_handshake(d);
    CHECK(d.posted.size() == 2);
    CHECK(next_attempt(d.model) == attempt::none);
    d.happen(inputs::posted{"whoami", ""});
    CHECK(next_attempt(d.model) == attempt::whoami);
    CHECK_FALSE(d.model.server.try_at_once);
    d.happen(inputs::try_whoami{});
    d.happen(inputs::posted{"whoami", ann});
    CHECK(next_attempt(d.model) == attempt::connect);
    CHECK(d.model.server.try_at_once);
    d.happen(inputs::connecting{});
    CHECK_FALSE(d.model.server.try_at_once);
}

TEST_CASE(
    "handshakes that fail while HTTP is answered are the fault of the proxy, and reported at "
    "once") {
    driven_model d = signed_in();
    for (unsigned i = 0; i < refused_handshakes_max; ++i) {
        CHECK(text_of(d) == "");
        fail_handshake(d);
        d.happen(inputs::posted{"whoami", ann});
    }
    CHECK(says(d, "Upgrade and Connection"));
    CHECK(longest_wait_ms(d.model, d.now_ms) == protocol::limits::reconnect_max_ms);
    d.welcome(d.connect().id.value(), {summary("lobby", 5, 5)});
    CHECK(text_of(d) == "");
}

TEST_CASE("an outage in between is no refusal") {
    driven_model d = signed_in();
    for (unsigned i = 0; i < 2 * refused_handshakes_max; ++i) {
        fail_handshake(d);
        d.happen(inputs::posted{"whoami", i % 2 == 0 ? ann : ""});
    }
    CHECK(text_of(d) == "");
}

TEST_CASE("a page that is looked at waits 1.5 s at most, a hidden one and a long outage longer") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.lose_connection();
    CHECK(longest_wait_ms(d.model, d.now_ms) == 1'500);
    d.now_ms += long_outage_ms;
    CHECK(longest_wait_ms(d.model, d.now_ms) == 10'000);
    d.happen(inputs::look{false, true});
    CHECK(longest_wait_ms(d.model, d.now_ms) == 30'000);
}

TEST_CASE("the time to the next attempt counts down by seconds, where somebody looks") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.lose_connection();
    d.pass(quiet_outage_ms);
    d.model.come_back_after_ms = 1'000;
    d.happen(inputs::waits{2'500});
    CHECK(d.model.come_back_after_ms == 0);
    CHECK(says(d, "You're offline. Messages will be sent when you're back."));
    CHECK(strip_of(d)["seconds"] == 3);
    CHECK(next_deadline(d.model, d.now_ms) == d.now_ms + 500);
    d.pass(500);
    CHECK(strip_of(d)["seconds"] == 2);
    CHECK(next_deadline(d.model, d.now_ms) == d.now_ms + 1'000);
    d.happen(inputs::look{false, true});
    CHECK_FALSE(next_deadline(d.model, d.now_ms));
    d.happen(inputs::connecting{});
    CHECK(strip_of(d)["seconds"] == 0);
}

}  // namespace parley::state
