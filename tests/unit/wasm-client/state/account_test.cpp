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

TEST_CASE("a server that does not answer is asked again") {
    driven_model d;
    d.happen(inputs::started{""});
    const auto answer = GENERATE(as<std::string>{}, "", "<html>",
                                 R"({"type":"error","code":"busy","message":"x"})");
    d.happen(inputs::posted{"whoami", answer});
    CHECK(d.model.at == stage::loading);
    const auto deadline = next_deadline(d.model, d.now_ms);
    REQUIRE(deadline);
    d.pass(*deadline - d.now_ms);
    CHECK(d.posted.size() == 2);
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
    CHECK(d.model.form.problem == "Wrong.");
    d.happen(inputs::posted{"sign_in", R"({"type":"ok","user":"ann","token":"t"})"});
    CHECK(d.model.at == stage::signed_in);
    CHECK(d.model.me == "ann");
    CHECK(wants_connection(d.model));
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

}  // namespace parley::state
