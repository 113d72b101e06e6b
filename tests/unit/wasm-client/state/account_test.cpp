// Coming in and going out over HTTP.
#include "tests/unit/wasm-client/state/driven_model.hpp"

namespace parley::state {

TEST_CASE("without a session there is the door, with guests if the server takes them") {
    driven_model d;
    d.happen(inputs::started{""});
    REQUIRE(d.posted.size() == 1);
    CHECK(d.posted[0].type == "whoami");
    CHECK(d.model.at == stage::loading);
    d.happen(inputs::posted{"whoami", R"({"type":"ok","guests":true})"});
    CHECK(d.model.at == stage::signed_out);
    CHECK(d.model.guests);
    CHECK_FALSE(wants_connection(d.model));
}

TEST_CASE("a name or password that cannot be right is refused here, in words for people") {
    driven_model d;
    d.happen(inputs::started{""});
    d.happen(inputs::posted{"whoami", R"({"type":"ok","guests":true})"});
    d.posted.clear();
    d.happen(inputs::sign_in_guest{"x"});
    CHECK(d.model.form.problem.find("2 to 32") != std::string::npos);
    d.happen(inputs::sign_up{"ann", "short"});
    CHECK(d.model.form.problem.find("8 characters") != std::string::npos);
    CHECK(d.posted.empty());
}

TEST_CASE("signing in: the form is busy, a refusal is shown, success leads to the chat") {
    driven_model d;
    d.happen(inputs::started{""});
    d.happen(inputs::posted{"whoami", R"({"type":"ok","guests":false})"});
    d.happen(inputs::sign_in{" Ann ", "correct horse"});
    CHECK(d.model.form.busy);
    CHECK(d.posted.back().type == "sign_in");
    CHECK(d.posted.back().body == R"({"type":"sign_in","user":"ann","password":"correct horse"})");
    d.happen(inputs::posted{"sign_in",
                            R"({"type":"error","code":"unauthenticated","message":"Wrong."})"});
    CHECK_FALSE(d.model.form.busy);
    CHECK(d.model.form.problem == "Wrong name or password.");
    d.happen(inputs::posted{"sign_in", R"({"type":"ok","user":"ann","token":"t"})"});
    CHECK(d.model.at == stage::signed_in);
    CHECK(d.model.me == "ann");
    CHECK(wants_connection(d.model));
}

TEST_CASE("a refusal of a form is shown in words for people") {
    driven_model d;
    d.happen(inputs::started{"", "https://chat.example.org"});
    d.happen(inputs::posted{"whoami", R"({"type":"ok","guests":true})"});
    const auto problem = [&](const std::string& type, const std::string& code) {
        d.happen(inputs::posted{
            type, R"({"type":"error","code":")" + code + R"(","message":"raw","retry_ms":7000})"});
        return d.model.form.problem;
    };
    CHECK(problem("sign_up", "conflict") == "That name is taken. If it is yours, sign in.");
    CHECK(problem("sign_in", "rate") == "Too many attempts. Try again in 7 seconds.");
    CHECK(problem("sign_in", "forbidden").find("--origin https://chat.example.org.") !=
          std::string::npos);
    CHECK(problem("sign_in_guest", "forbidden").find("does not accept guests") !=
          std::string::npos);
    CHECK(problem("sign_up", "limit") == "Raw.");
}

TEST_CASE(
    "a browser that does not keep the session's cookie is named, and no longer once it does") {
    driven_model d;
    d.happen(inputs::started{""});
    d.happen(inputs::posted{"whoami", R"({"type":"ok","guests":true})"});
    d.happen(inputs::posted{"sign_in_guest", R"({"type":"ok","user":"ann","token":"t"})"});
    d.happen(inputs::connecting{});
    d.lose_connection();
    d.happen(inputs::posted{"whoami", R"({"type":"ok","guests":true})"});
    CHECK(d.model.at == stage::signed_out);
    CHECK_FALSE(d.model.cookies);
    d.happen(inputs::posted{"sign_in_guest", R"({"type":"ok","user":"ann","token":"t"})"});
    d.welcome(d.connect().id.value(), {summary("lobby", 5, 5)});
    CHECK(d.model.cookies);
    SECTION("a session that ended later is no fault of cookies") {
        d.lose_connection(4102);
        d.happen(inputs::posted{"whoami", R"({"type":"ok","guests":true})"});
        CHECK(d.model.at == stage::signed_out);
        CHECK(d.model.cookies);
    }
}

TEST_CASE(
    "when another tab signed in as somebody else, nothing of the first person is shown to the "
    "second") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.lose_connection();
    const auto hello = d.connect();
    d.receive(
        protocol::welcome{.id = hello.id, .me = "bob", .server = "x", .limits = {}, .rooms = {}});
    CHECK(d.drops == 1);
    d.happen(inputs::posted{"whoami", R"({"type":"ok","user":"bob","guests":true})"});
    CHECK(d.model.me == "bob");
    CHECK(d.model.rooms.empty());
    CHECK(d.model.at == stage::signed_in);
}

TEST_CASE("signing out before the first connection does not accuse the browser's cookies") {
    driven_model d;
    d.happen(inputs::started{""});
    d.happen(inputs::posted{"whoami", R"({"type":"ok","guests":true})"});
    d.happen(inputs::sign_in{"ann", "correct horse"});
    d.happen(inputs::posted{"sign_in", R"({"type":"ok","user":"ann","token":"t"})"});
    d.happen(inputs::connecting{});
    d.lose_connection();
    d.happen(inputs::posted{"whoami", R"({"type":"ok","user":"ann","guests":true})"});
    d.happen(inputs::sign_out{});
    d.happen(inputs::posted{"sign_out", R"({"type":"ok"})"});
    CHECK(d.model.at == stage::signed_out);
    CHECK(d.model.cookies);
}

}  // namespace parley::state
