// What people keep: each record by its key, every change with a seq in the log of its person.
#include "server/storage/invariants.hpp"
#include "server/storage/restore.hpp"
#include "shared/protocol/codec.hpp"
#include "tests/unit/server/storage/ledger_rig.hpp"

#include <string>
#include <vector>

using namespace parley;
using namespace parley::test;
namespace limits = protocol::limits;

namespace {

template <class Request>
chat::authored<Request> asked(const std::string& user, Request request) {
    return {std::move(request), by(user)};
}
auto draft(const std::string& user, const std::string& text, const std::string& room = "lobby") {
    return asked<protocol::set_draft>(user, {.room = room, .text = text});
}
auto star(const std::string& user, bool on, const std::string& room = "lobby") {
    return asked<protocol::set_star>(user, {.room = room, .on = on});
}
auto save(const std::string& user, std::uint64_t target, bool on) {
    return asked<protocol::save>(
        user, {.room = "lobby", .target = target, .on = on, .note = "for Monday"});
}
auto setting(const std::string& user, const std::string& name, const std::string& value) {
    return asked<protocol::change_setting>(user, {.name = name, .value = value});
}

chat::personal_changes changes(ledger_rig& rig, const std::string& user,
                               std::optional<std::uint64_t> since = {}) {
    return answered(*rig.log, chat::read_rooms{.by = by(user), .also = {}, .since = since})
        .personal;
}
// "draft lobby {...}", in the order of their changes.
std::vector<std::string> lines(const chat::personal_changes& found) {
    std::vector<std::string> out;
    for (const auto& one : found.records)
        out.push_back(std::string(protocol::kind_of(one.record.body)) + " " +
                      protocol::encode_body(one.record.body));
    return out;
}
using strings = std::vector<std::string>;

void check_sound(ledger_rig& rig) {
    storage::database db(rig.file(), storage::database::access::read_write);
    CHECK(storage::first_violation(db).empty());
}

}  // namespace

TEST_CASE("each kind of record is kept under its key, and the newest one counts") {
    ledger_rig rig;
    rig.account("ann");
    const std::uint64_t before = changes(rig, "ann").seq;
    CHECK(done(*rig.log, draft("ann", "hel")).person == before + 1);
    CHECK(done(*rig.log, star("ann", true)).person == before + 2);
    done(*rig.log, asked<protocol::set_level>("ann", {.room = "lobby", .level = "none"}));
    done(*rig.log, setting("ann", "theme", "dark"));
    const auto said = rig.say("lobby", "bob", "for later", "b1").seq;
    done(*rig.log, save("ann", said, true));
    CHECK(done(*rig.log, draft("ann", "hello")).person == before + 6);
    const auto kept = changes(rig, "ann");
    CHECK((kept.anew && kept.seq == before + 6));
    CHECK(lines(kept) ==
          strings{R"(star {"room":"lobby","on":true})",
                  R"(level {"room":"lobby","level":"none","on":true})",
                  R"(setting {"name":"theme","value":"dark","on":true})",
                  R"(saved {"room":"lobby","target":3,"on":true,"note":"for Monday"})",
                  R"(draft {"room":"lobby","text":"hello","on":true})"});
    rig.reopen();
    CHECK(lines(changes(rig, "ann")) == lines(kept));
    CHECK(changes(rig, "bob").records.empty());
    check_sound(rig);
}

TEST_CASE("what changes nothing is answered and not written") {
    ledger_rig rig;
    rig.account("ann");
    const auto first = done(*rig.log, draft("ann", "hello")).person;
    CHECK(done(*rig.log, draft("ann", "hello")).person == first);
    CHECK(done(*rig.log, star("ann", false)).person == first);
    CHECK(done(*rig.log, setting("ann", "theme", "")).person == first);
    CHECK(rig.commits.all().personal.size() == 2);  // the membership, and the draft
}

TEST_CASE("a device hears what changed since it was told, also what went") {
    ledger_rig rig;
    rig.account("ann");
    done(*rig.log, draft("ann", "hello"));
    const auto told = done(*rig.log, star("ann", true)).person;
    CHECK(changes(rig, "ann", told).records.empty());
    done(*rig.log, draft("ann", ""));
    const auto news = changes(rig, "ann", told);
    CHECK_FALSE(news.anew);
    CHECK(lines(news) == strings{R"(draft {"room":"lobby","text":"","on":false})"});
    CHECK(lines(changes(rig, "ann")) == strings{R"(star {"room":"lobby","on":true})"});
    // A log that is behind the device is another one.
    CHECK(changes(rig, "ann", told + 100).anew);
    check_sound(rig);
}

TEST_CASE("what is gone leaves no trace once no device is told of it") {
    ledger_rig rig;
    rig.account("ann");
    done(*rig.log, draft("ann", "hello"));
    const auto told = done(*rig.log, draft("ann", "")).person;
    for (std::uint64_t i = 0; i <= limits::personal_log_window; ++i)
        done(*rig.log, setting("ann", "theme", std::to_string(i)));
    CHECK(changes(rig, "ann", told).anew);
    done(*rig.log, setting("ann", "theme", ""));
    storage::database db(rig.file(), storage::database::access::read_write);
    auto traces = db.query("SELECT count(*) FROM records WHERE gone = 1");
    REQUIRE(traces.next());
    CHECK(traces.integer(0) == 1);
}

TEST_CASE("membership and marks advance the log, in the same transaction") {
    ledger_rig rig;
    rig.account("ann");
    const std::uint64_t joined = changes(rig, "ann").seq;
    rig.say("lobby", "ann", "hello", "n1");
    done(*rig.log, test::mark("lobby", by("ann"), 1));
    done(*rig.log, test::leave("lobby", by("ann")));
    CHECK(changes(rig, "ann").seq == joined + 3);
    std::vector<std::uint64_t> seqs;
    for (const auto& change : rig.commits.all().personal)
        if (change.user == "ann") seqs.push_back(change.seq);
    CHECK(seqs == std::vector<std::uint64_t>{joined, joined + 1, joined + 2, joined + 3});
}

TEST_CASE("only people who have signed in keep records, and only of rooms that they may enter") {
    ledger_rig rig;
    for (const char* user : {"ann", "bob", "eve"}) rig.account(user);
    const auto direct = done(*rig.log, open_direct("ann", {"bob"})).room;
    CHECK(refused(*rig.log, chat::authored<protocol::set_draft>{{.room = "lobby", .text = "hi"},
                                                                passer_by("~gus")}) ==
          protocol::error_code::forbidden);
    CHECK(refused(*rig.log, draft("eve", "hi", direct)) == protocol::error_code::not_found);
    CHECK(refused(*rig.log, star("eve", true, "nowhere")) == protocol::error_code::not_found);
    CHECK(refused(*rig.log, save("eve", 900, true)) == protocol::error_code::not_found);
    CHECK(
        refused(*rig.log, asked<protocol::set_level>("eve", {.room = "lobby", .level = "loud"})) ==
        protocol::error_code::bad_field);
    CHECK(done(*rig.log, draft("eve", "", "nowhere")).person == changes(rig, "eve").seq);
    done(*rig.log, draft("ann", "hi", direct));
}

TEST_CASE("all that a person keeps has one limit, and long drafts leave room for what is short") {
    ledger_rig rig;
    rig.account("ann");
    const std::string longest(limits::text_bytes_max, 'x');
    std::size_t drafts = 0;
    for (bool fits = true; fits && drafts < 20; drafts += fits ? 1 : 0) {
        const std::string room = "room" + std::to_string(drafts);
        done(*rig.log, test::create_room(room, "Room", by("ann")));
        fits = std::holds_alternative<chat::receipt>(run(*rig.log, draft("ann", longest, room)));
    }
    CHECK(drafts ==
          (limits::personal_bytes_max - limits::short_records_bytes) / longest.size() - 1);
    CHECK(refused(*rig.log, draft("ann", longest, "lobby")) == protocol::error_code::limit);
    done(*rig.log, star("ann", true));
    const std::string choice(limits::setting_bytes_max, 'x');
    std::size_t settings = 0;
    for (bool fits = true; fits && settings < 900; settings += fits ? 1 : 0)
        fits = std::holds_alternative<chat::receipt>(
            run(*rig.log, setting("ann", "name" + std::to_string(settings), choice)));
    CHECK((settings > 80 && settings < 900));
    CHECK(refused(*rig.log, setting("ann", "one_more", choice)) == protocol::error_code::limit);
    done(*rig.log, setting("ann", "name0", ""));
    done(*rig.log, setting("ann", "one_more", choice));
    check_sound(rig);
}

TEST_CASE("leaving a room ends what was kept for it, in the same transaction") {
    ledger_rig rig;
    rig.account("ann");
    done(*rig.log, draft("ann", "hello"));
    done(*rig.log, star("ann", true));
    done(*rig.log, asked<protocol::set_level>("ann", {.room = "lobby", .level = "none"}));
    done(*rig.log, setting("ann", "theme", "dark"));
    const auto before = changes(rig, "ann").seq;
    done(*rig.log, test::leave("lobby", by("ann")));
    CHECK(lines(changes(rig, "ann")) ==
          strings{R"(setting {"name":"theme","value":"dark","on":true})"});
    CHECK(changes(rig, "ann", before).records.size() == 3);
    check_sound(rig);
}

TEST_CASE("only a message that is there is saved, and what is gone has no note") {
    ledger_rig rig;
    rig.account("ann");
    const auto said = rig.say("lobby", "ann", "hello", "n1").seq;
    done(*rig.log, save("ann", said, true));
    done(*rig.log, save("ann", said, false));
    CHECK(
        lines(changes(rig, "ann", changes(rig, "ann").seq - 1)) ==
        strings{"saved {\"room\":\"lobby\",\"target\":" + std::to_string(said) + ",\"on\":false}"});
    CHECK(refused(*rig.log, save("ann", said - 1, true)) == protocol::error_code::not_found);
    done(*rig.log, test::deletion("lobby", by("ann"), "n2", said));
    CHECK(refused(*rig.log, save("ann", said, true)) == protocol::error_code::gone);
}

TEST_CASE("a guest who takes a free name keeps nothing of who had it, and devices are told anew") {
    ledger_rig rig;
    const auto guest = [&](const std::string& token) {
        const auto session = done(*rig.log, chat::add_guest{{"~gus", token, "test/1"}}).session;
        return chat::identity{.user = "~gus", .session = session, .guest = true};
    };
    const auto first = guest("t1");
    const auto told =
        done(*rig.log,
             chat::authored<protocol::set_draft>{{.room = "lobby", .text = "mine"}, first})
            .person;
    done(*rig.log, chat::end_session{"~gus", first.session});
    const auto second = guest("t2");
    const auto found =
        answered(*rig.log, chat::read_rooms{.by = second, .also = {}, .since = told}).personal;
    CHECK((found.anew && found.records.empty() && found.seq > told));
    check_sound(rig);
}

TEST_CASE("after a restore every device is told anew") {
    ledger_rig rig;
    rig.account("ann");
    done(*rig.log, draft("ann", "before"));
    rig.close();
    const auto backup = rig.directory.path() / "backup.db";
    std::filesystem::copy_file(rig.file(), backup);
    rig.open();
    const auto told = done(*rig.log, draft("ann", "after the backup")).person;
    rig.close();
    storage::restore(backup, rig.data(), true, rig.now);
    rig.open();
    done(*rig.log, star("ann", true));
    const auto found = changes(rig, "ann", told);
    CHECK(found.anew);
    CHECK(lines(found) == strings{R"(draft {"room":"lobby","text":"before","on":true})",
                                  R"(star {"room":"lobby","on":true})"});
}

TEST_CASE(
    "the check finds a log that does not weigh what its records do, and a record from later") {
    ledger_rig rig;
    rig.account("ann");
    done(*rig.log, draft("ann", "hello"));
    rig.close();
    const auto violation = [&](const std::string& sql) {
        storage::database db(rig.file(), storage::database::access::read_write);
        db.execute(sql);
        return storage::first_violation(db);
    };
    CHECK(violation("UPDATE logs SET bytes = bytes + 1").find("ann: ") == 0);
    CHECK(violation("UPDATE logs SET bytes = bytes - 1").empty());
    CHECK(violation("UPDATE records SET gone = 1").find("ann: draft lobby") == 0);
    CHECK(violation("UPDATE records SET gone = 0, key = 'tea'").find("ann: draft tea") == 0);
    CHECK(violation("UPDATE records SET key = 'lobby'").empty());
    CHECK(violation("UPDATE logs SET seq = 9").find("has seq ") != std::string::npos);
}
