// The account requests, from the request to the file and back.
#include "server/auth/accounts.hpp"

#include "server/auth/tokens.hpp"
#include "shared/protocol/codec.hpp"
#include "tests/unit/server/storage/ledger_rig.hpp"

#include <sodium.h>

using namespace parley;
using namespace parley::test;
using auth::account_answer;

namespace {

struct accounts_rig : ledger_rig {
    accounts_rig()
        : accounts(std::make_unique<auth::accounts>(
              *log, [this] { return now.load(); },
              auth::hash_cost{crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN})) {}

    account_answer ask_as(std::optional<chat::identity> who, protocol::account_request request,
                          bool guests = true, const std::string& address = "203.0.113.7") {
        return wait_for<account_answer>([&](auto done) {
            accounts->carry_out(std::move(request),
                                {std::move(who), "  browser\n/1 ", address, guests}, done);
        });
    }
    account_answer ask(protocol::account_request request) {
        return ask_as(std::nullopt, std::move(request));
    }
    account_answer ask_from(const std::string& device, protocol::account_request request) {
        return wait_for<account_answer>([&](auto done) {
            accounts->carry_out(std::move(request), {{}, "browser", "203.0.113.7", true, device},
                                done);
        });
    }

    std::optional<chat::identity> who(const std::string& token) {
        using authenticated = auth::accounts::authenticated;
        const auto found =
            wait_for<authenticated>([&](auto done) { accounts->authenticate(token, done); });
        return std::get<std::optional<chat::identity>>(found);
    }
    std::optional<chat::refusal> check_name(const std::string& user) {
        return wait_for<std::optional<chat::refusal>>(
            [&](auto done) { accounts->check_guest_name(user, done); });
    }

    std::unique_ptr<auth::accounts> accounts;
};

protocol::ok fine(const account_answer& answer) {
    if (const auto* const no = std::get_if<protocol::error>(&answer.reply))
        FAIL(no->code << ": " << no->message);
    return std::get<protocol::ok>(answer.reply);
}

std::string code(const account_answer& answer) {
    REQUIRE(std::holds_alternative<protocol::error>(answer.reply));
    CHECK_FALSE(answer.new_token);
    CHECK_FALSE(answer.clear_cookie);
    return std::get<protocol::error>(answer.reply).code;
}

const protocol::sign_up ann{1, "ann", "correct horse", {}};

}  // namespace

TEST_CASE("signing up opens an account and a session, of which only a hash is kept") {
    accounts_rig rig;
    const auto answer = rig.ask(ann);
    const auto said = fine(answer);
    CHECK(said.id == 1);
    CHECK(said.user == "ann");
    CHECK(said.token == answer.new_token);
    CHECK_FALSE(protocol::validate(said));
    const auto found = rig.who(*answer.new_token);
    REQUIRE(found);
    CHECK(found->user == "ann");
    CHECK_FALSE(found->guest);
    CHECK(code(rig.ask(ann)) == "conflict");
    rig.accounts.reset();
    rig.close();
    const std::string file = contents(rig.file());
    CHECK(file.find(auth::hash_of(*answer.new_token)) != std::string::npos);
    CHECK(file.find(*answer.new_token) == std::string::npos);
    CHECK(file.find("correct horse") == std::string::npos);
}

TEST_CASE(
    "signing in opens another session; a wrong name and a wrong password "
    "sound the same") {
    accounts_rig rig;
    rig.ask(ann);
    const auto answer = rig.ask(protocol::sign_in{2, "ann", "correct horse"});
    CHECK(fine(answer).user == "ann");
    CHECK(rig.who(*answer.new_token)->user == "ann");
    CHECK_FALSE(rig.who("unknown"));
    const auto wrong_password = rig.ask(protocol::sign_in{{}, "ann", "incorrect horse"});
    const auto wrong_name = rig.ask(protocol::sign_in{{}, "bob", "correct horse"});
    CHECK(code(wrong_password) == "unauthenticated");
    CHECK(protocol::encode(std::get<protocol::error>(wrong_password.reply)) ==
          protocol::encode(std::get<protocol::error>(wrong_name.reply)));
    rig.ask(protocol::sign_in_guest{{}, "gus"});
    for (const char* user : {"gus", "parley", "guest"})
        CHECK(code(rig.ask(protocol::sign_in{{}, user, "correct horse"})) == "unauthenticated");
}

TEST_CASE("wrong passwords from one address are refused there, and nowhere else") {
    accounts_rig rig;
    rig.ask(ann);
    const auto try_from = [&](const std::string& address, const char* password) {
        return rig.ask_as({}, protocol::sign_in{{}, "ann", password}, true, address);
    };
    const std::uint64_t burst = auth::attempts_per_account_and_address.burst;
    for (std::uint64_t i = 0; i < burst; ++i)
        CHECK(code(try_from("10.0.0.1", "incorrect horse")) == "unauthenticated");
    const auto refused = try_from("10.0.0.1", "correct horse");
    CHECK(code(refused) == "rate");
    CHECK(std::get<protocol::error>(refused.reply).retry_ms ==
          auth::attempts_per_account_and_address.interval_ns / 1'000'000);
    fine(try_from("10.0.0.2", "correct horse"));
    rig.now += auth::attempts_per_account_and_address.interval_ns / 1'000'000;
    fine(try_from("10.0.0.1", "correct horse"));
}

TEST_CASE(
    "a browser that has signed in before is let through, where strangers "
    "are refused") {
    accounts_rig rig;
    const auto signed_up = rig.ask(ann);
    REQUIRE(signed_up.device_token);
    for (std::uint64_t i = 0; i < auth::attempts_per_account_and_address.burst; ++i)
        rig.ask(protocol::sign_in{{}, "ann", "incorrect horse"});
    const protocol::sign_in right{{}, "ann", "correct horse"};
    CHECK(code(rig.ask(right)) == "rate");
    CHECK(code(rig.ask_from("stranger." + std::string(64, '0'), right)) == "rate");
    const auto let_in = rig.ask_from(*signed_up.device_token, right);
    fine(let_in);
    CHECK(let_in.device_token == signed_up.device_token);
    rig.ask(protocol::sign_up{{}, "bob", "correct horse", {}});
    for (std::uint64_t i = 0; i < auth::attempts_per_account_and_address.burst; ++i)
        rig.ask(protocol::sign_in{{}, "bob", "incorrect horse"});
    CHECK(code(rig.ask_from(*signed_up.device_token,
                            protocol::sign_in{{}, "bob", "correct horse"})) == "rate");
    CHECK_FALSE(rig.ask(protocol::sign_in_guest{{}, "gus"}).device_token);
}

TEST_CASE(
    "guessing is slowed down for the address, whatever the name; success "
    "is free") {
    accounts_rig rig;
    rig.ask(ann);
    for (std::uint64_t i = 0; i < auth::attempts_per_address.burst + 5; ++i)
        fine(rig.ask(protocol::sign_in{{}, "ann", "correct horse"}));
    for (std::uint64_t i = 0; i < auth::attempts_per_address.burst; ++i)
        CHECK(code(rig.ask(protocol::sign_in{{}, "user" + std::to_string(i), "x"})) ==
              "unauthenticated");
    CHECK(code(rig.ask(protocol::sign_in{{}, "one-more", "x"})) == "rate");
    fine(rig.ask_as({}, protocol::sign_in{{}, "ann", "correct horse"}, true, "203.0.113.8"));
    for (const char* here : {"127.0.0.1", "::1"})
        for (std::uint64_t i = 0; i < auth::attempts_per_address.burst + 1; ++i)
            CHECK(code(rig.ask_as({}, protocol::sign_in{{}, here + std::to_string(i), "x"}, true,
                                  here)) == "unauthenticated");
}

TEST_CASE("an attempt that its account refuses does not count for the address") {
    accounts_rig rig;
    rig.ask(ann);
    const std::uint64_t burst = auth::attempts_per_account_and_address.burst;
    for (std::uint64_t i = 0; i < burst; ++i)
        rig.ask(protocol::sign_in{{}, "ann", "incorrect horse"});
    for (std::uint64_t i = 0; i < auth::attempts_per_address.burst; ++i)
        CHECK(code(rig.ask(protocol::sign_in{{}, "ann", "incorrect horse"})) == "rate");
    for (std::uint64_t i = burst; i < auth::attempts_per_address.burst; ++i)
        CHECK(code(rig.ask(protocol::sign_in{{}, "user" + std::to_string(i), "x"})) ==
              "unauthenticated");
    CHECK(code(rig.ask(protocol::sign_in{{}, "one-more", "x"})) == "rate");
}

TEST_CASE(
    "an address creates so many people at once, then one after each "
    "interval; this machine as many "
    "as it likes") {
    accounts_rig rig;
    const auto come = [&](const std::string& user, const char* address = "203.0.113.7") {
        return rig.ask_as({}, protocol::sign_in_guest{{}, user}, true, address);
    };
    fine(rig.ask(ann));
    for (std::uint64_t i = 1; i < auth::newcomers_per_address.burst; ++i)
        fine(come("gus" + std::to_string(i)));
    CHECK(code(come("gus")) == "rate");
    const auto refused = rig.ask(protocol::sign_up{{}, "bob", "correct horse", {}});
    CHECK(code(refused) == "rate");
    CHECK(std::get<protocol::error>(refused.reply).retry_ms ==
          auth::newcomers_per_address.interval_ns / 1'000'000);
    fine(rig.ask(protocol::sign_in{{}, "ann", "correct horse"}));
    fine(come("gus", "203.0.113.8"));
    rig.now += auth::newcomers_per_address.interval_ns / 1'000'000;
    fine(rig.ask(protocol::sign_up{{}, "bob", "correct horse", {}}));
    for (std::uint64_t i = 0; i < auth::newcomers_per_address.burst + 1; ++i)
        fine(come("here" + std::to_string(i), "127.0.0.1"));
}

TEST_CASE("guests come in by a free name, where guests are welcome") {
    accounts_rig rig;
    rig.ask(ann);
    CHECK(code(rig.ask_as({}, protocol::sign_in_guest{{}, "gus"}, false)) == "forbidden");
    const auto answer = rig.ask(protocol::sign_in_guest{7, "gus"});
    CHECK(fine(answer).id == 7);
    CHECK(rig.who(*answer.new_token)->guest);
    for (const std::string user : {"~gus", "~parley", "~guest"}) {
        CHECK(code(rig.ask(protocol::sign_in_guest{{}, user})) == "conflict");
        CHECK(code(rig.ask(protocol::sign_in_guest{{}, user.substr(1)})) == "conflict");
        REQUIRE(rig.check_name(user));
        CHECK(rig.check_name(user)->code == protocol::error_code::conflict);
    }
    CHECK_FALSE(rig.check_name("~somebody"));
    CHECK_FALSE(rig.check_name("~ann"));  // beside the account
    CHECK(*fine(rig.ask(protocol::sign_in_guest{{}, "ann"})).user == "~ann");
}

TEST_CASE(
    "sessions are listed with the one that asks, revoked, and ended by "
    "signing out") {
    accounts_rig rig;
    const auto first = *rig.ask(ann).new_token;
    const auto second = *rig.ask(protocol::sign_in{{}, "ann", "correct horse"}).new_token;
    const auto me = rig.who(first);
    const auto other = rig.who(second);
    const auto list = fine(rig.ask_as(me, protocol::list_sessions{}));
    REQUIRE(list.sessions.value().size() == 2);
    for (const auto& session : *list.sessions) {
        CHECK(session.current == (session.session == me->session));
        CHECK(session.client == "browser /1");
    }
    CHECK_FALSE(protocol::validate(list));

    const auto revoked = rig.ask_as(me, protocol::revoke_session{{}, other->session});
    fine(revoked);
    CHECK_FALSE(revoked.clear_cookie);
    CHECK_FALSE(rig.who(second));
    CHECK(code(rig.ask_as(me, protocol::revoke_session{{}, other->session})) == "not_found");

    const auto out = rig.ask_as(me, protocol::sign_out{9});
    CHECK(fine(out).id == 9);
    CHECK(out.clear_cookie);
    CHECK_FALSE(rig.who(first));
    CHECK(rig.ask_as(me, protocol::sign_out{}).clear_cookie);  // twice is no error
    rig.accounts.reset();
    rig.close();
    CHECK(rig.commits.all().ended_sessions.size() == 2);
}

TEST_CASE("without a session there is nothing to list, revoke or end") {
    accounts_rig rig;
    for (const auto& who :
         {std::optional<chat::identity>{}, std::optional(chat::identity{"passer-by", "", true})}) {
        CHECK(code(rig.ask_as(who, protocol::list_sessions{})) == "unauthenticated");
        CHECK(code(rig.ask_as(who, protocol::revoke_session{{}, "x"})) == "unauthenticated");
        CHECK(code(rig.ask_as(who, protocol::sign_out{})) == "unauthenticated");
    }
}

TEST_CASE(
    "whoami gives the name, or that there is none, and whether guests "
    "are welcome") {
    accounts_rig rig;
    CHECK_FALSE(fine(rig.ask(protocol::whoami{})).user);
    CHECK(fine(rig.ask(protocol::whoami{})).guests == true);
    const auto said =
        fine(rig.ask_as(chat::identity{"ann", "s", false}, protocol::whoami{3}, false));
    CHECK(said.id == 3);
    CHECK(said.user == "ann");
    CHECK(said.guests == false);
}

TEST_CASE("a token that cannot be looked up is not called unknown") {
    struct failing_ledger : chat::ledger {
        void submit(chat::command, std::function<void(chat::outcome)> done) override { done(no); }
        void look_up(chat::query, std::function<void(chat::any_answer)> done) override { done(no); }
        const chat::refusal no{protocol::error_code::busy, "busy", "", 500};
    } log;
    auth::accounts accounts(log, [] { return base::steady_ms{1}; });
    bool heard = false;
    accounts.authenticate("token", [&](const auth::accounts::authenticated& found) {
        heard = std::get<chat::refusal>(found).code == protocol::error_code::busy;
    });
    CHECK(heard);
    for (std::uint64_t i = 0; i < auth::attempts_per_account_and_address.burst + 1;
         ++i)  // and the attempt does not count
        accounts.carry_out(protocol::sign_in{{}, "ann", "correct horse"},
                           {{}, "", "203.0.113.7", true}, [](const account_answer& answer) {
                               CHECK(code(answer) == "busy");
                               CHECK(std::get<protocol::error>(answer.reply).retry_ms == 500);
                           });
}
