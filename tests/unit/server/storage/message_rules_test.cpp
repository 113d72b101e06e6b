// What may be done to a message, and what becomes of it.
#include "shared/protocol/codec.hpp"
#include "tests/unit/server/storage/ledger_rig.hpp"

using namespace parley;
using namespace parley::test;
using direction = chat::read_page::direction;
using protocol::error_code;

namespace {

// A room of ann and bob, in which ann has said something.
struct spoken_rig : ledger_rig {
    spoken_rig() {
        for (const char* user : {"ann", "bob"}) account(user);
        said = say("lobby", "ann", "first", "n1").seq;
    }
    auto edit(const std::string& user, const std::string& nonce, std::uint64_t base,
              const std::string& text) const {
        return test::edit("lobby", by(user), nonce, said, base, text);
    }
    auto deletion(const std::string& user, const std::string& nonce) const {
        return test::deletion("lobby", by(user), nonce, said);
    }
    auto reaction(const std::string& user, const std::string& nonce, const std::string& emoji,
                  bool on = true) const {
        return test::reaction("lobby", by(user), nonce, said, emoji, on);
    }
    std::string pills() {
        std::string out;
        for (const auto& one : message().reactions) {
            out += one.emoji + std::to_string(one.count) + (one.mine ? "*" : "");
            for (const std::string& user : one.people) out += " " + user;
            out += ";";
        }
        return out;
    }
    protocol::event shown() { return page("lobby", direction::around, said, 1).events.at(0); }
    protocol::message message() { return *protocol::as<protocol::message>(shown()); }
    std::uint64_t unread(const std::string& user) {
        const auto found = answered(*log, chat::read_counts{by(user), {"lobby"}});
        return found.counts.at(0).unread;
    }
    std::vector<std::string> versions() {
        std::vector<std::string> texts;
        for (const auto& one :
             answered(*log, chat::read_versions{"lobby", by("bob"), said}).versions)
            texts.push_back(std::to_string(one.rev) + " " + one.text);
        return texts;
    }
    std::uint64_t said = 0;
};

}  // namespace

TEST_CASE("an edit puts its text in the message's place, and all wordings stay") {
    spoken_rig rig;
    const auto edited = done(*rig.log, rig.edit("ann", "e1", rig.said, "second"));
    CHECK(edited.seq == rig.said + 1);
    CHECK(rig.message().text == "second");
    CHECK(rig.message().rev == edited.seq);
    CHECK(rig.message().edited == edited.at);
    CHECK(rig.shown().said == 1u);
    CHECK(rig.unread("bob") == 1);
    const auto again = done(*rig.log, rig.edit("ann", "e2", edited.seq, "third"));
    const std::string first = std::to_string(rig.said);
    CHECK(rig.versions() == std::vector<std::string>{first + " first",
                                                     std::to_string(edited.seq) + " second",
                                                     std::to_string(again.seq) + " third"});
    rig.reopen();
    CHECK(rig.message().text == "third");
    CHECK(rig.message().edits == 2u);
}

TEST_CASE("an edit is its author's, of the newest wording, and happens once") {
    spoken_rig rig;
    const auto edit = rig.edit("ann", "e1", rig.said, "second");
    CHECK(refused(*rig.log, rig.edit("bob", "e1", rig.said, "mine")) == error_code::forbidden);
    auto nobody = edit;
    nobody.by = passer_by("ann");
    CHECK(refused(*rig.log, nobody) == error_code::unauthenticated);
    const auto edited = done(*rig.log, edit);
    CHECK(done(*rig.log, edit).seq == edited.seq);
    CHECK(refused(*rig.log, rig.edit("ann", "e1", rig.said, "other")) == error_code::conflict);
    const auto late = refused(run(*rig.log, rig.edit("ann", "e2", rig.said, "other")));
    CHECK(late.code == error_code::conflict);
    CHECK(late.rev == edited.seq);
    CHECK(late.field == "base");
    // The same text again makes no event.
    CHECK(done(*rig.log, rig.edit("ann", "e3", edited.seq, "second")).seq == edited.seq);
    CHECK(rig.page("lobby", direction::newest).top == edited.seq);
    auto elsewhere = rig.edit("ann", "e4", 1, "x");
    elsewhere.target = 1;  // no message
    CHECK(refused(*rig.log, elsewhere) == error_code::not_found);
    elsewhere.target = 900;
    CHECK(refused(*rig.log, elsewhere) == error_code::not_found);
}

TEST_CASE("a deletion takes every wording away, from what is shown and from the file") {
    spoken_rig rig;
    const auto first = done(*rig.log, rig.edit("ann", "e1", rig.said, "a-secret-wording"));
    done(*rig.log, rig.edit("ann", "e2", first.seq, "another-secret-wording"));
    CHECK(rig.unread("bob") == 1);
    const auto deleted = done(*rig.log, rig.deletion("ann", "d1"));
    CHECK(rig.message().deleted == true);
    CHECK_FALSE(rig.message().text);
    CHECK(rig.message().rev == deleted.seq);
    CHECK(rig.shown().author == "ann");
    CHECK(rig.unread("bob") == 0);
    CHECK(refused_answer(*rig.log, chat::read_versions{"lobby", by("bob"), rig.said}) ==
          error_code::gone);
    // What came back would not even say that there was an earlier wording.
    const auto run = answered(*rig.log, chat::read_run{"lobby", by("bob"), 0, 200});
    for (const auto& event : run.events) CHECK(protocol::text_of(event).empty());
    rig.close();
    storage::database(rig.file(), storage::database::access::read_write).execute("VACUUM");
    CHECK(contents(rig.file()).find("secret-wording") == std::string::npos);
    CHECK(contents(rig.file()).find("another") == std::string::npos);
}

TEST_CASE("a deletion beats every edit, is the author's, and is no error when it was done") {
    spoken_rig rig;
    CHECK(refused(*rig.log, rig.deletion("bob", "d1")) == error_code::forbidden);
    const auto deleted = done(*rig.log, rig.deletion("ann", "d1"));
    CHECK(done(*rig.log, rig.deletion("ann", "d1")).seq == deleted.seq);
    CHECK(done(*rig.log, rig.deletion("ann", "d2")).seq == deleted.seq);
    CHECK(refused(*rig.log, rig.edit("ann", "e1", rig.said, "back")) == error_code::gone);
    CHECK(refused(*rig.log, rig.edit("ann", "e2", deleted.seq, "back")) == error_code::gone);
    CHECK(rig.page("lobby", direction::newest).top == deleted.seq);
    // Who sends the message once more hears that it was stored, and it stays away.
    CHECK(done(*rig.log, test::send("lobby", by("ann"), "n1", "first", {})).seq == rig.said);
    CHECK(rig.message().deleted == true);
    auto nothing = rig.deletion("ann", "d3");
    nothing.target = 1;
    CHECK(refused(*rig.log, nothing) == error_code::not_found);
}

TEST_CASE("reactions are a set of people and emoji, in the order of first use") {
    spoken_rig rig;  // ann looks
    done(*rig.log, rig.reaction("bob", "r1", "\xF0\x9F\x91\x8D"));
    done(*rig.log, rig.reaction("bob", "r2", "\xE2\x9D\xA4\xEF\xB8\x8F"));
    const auto hers = done(*rig.log, rig.reaction("ann", "r1", "\xF0\x9F\x91\x8D"));
    CHECK(rig.pills() == "\xF0\x9F\x91\x8D\x32* bob ann;\xE2\x9D\xA4\x31 bob;");
    CHECK(rig.message().marks == hers.seq);
    CHECK_FALSE(rig.message().rev);
    CHECK(rig.unread("bob") == 1);
    // Again, in the other form of the same emoji, and with the nonce of before: nothing happens.
    CHECK(done(*rig.log, rig.reaction("bob", "r3", "\xE2\x9D\xA4")).seq == hers.seq);
    CHECK(done(*rig.log, rig.reaction("ann", "r1", "\xF0\x9F\x91\x8D")).seq == hers.seq);
    done(*rig.log, rig.reaction("bob", "r4", "\xF0\x9F\x91\x8D", false));
    CHECK(rig.pills() == "\xF0\x9F\x91\x8D\x31* ann;\xE2\x9D\xA4\x31 bob;");
    done(*rig.log, rig.reaction("ann", "r5", "\xF0\x9F\x91\x8D", false));
    CHECK(rig.pills() == "\xE2\x9D\xA4\x31 bob;");
    // An edit of the wording that was answered is none of a reaction's business.
    done(*rig.log, rig.edit("ann", "e1", rig.said, "second"));
    CHECK(rig.pills() == "\xE2\x9D\xA4\x31 bob;");
    done(*rig.log, rig.deletion("ann", "d1"));
    CHECK(rig.pills().empty());
    CHECK(refused(*rig.log, rig.reaction("bob", "r6", "\xF0\x9F\x91\x8D")) == error_code::gone);
}

TEST_CASE("what is no emoji, one too many, and nobody's reaction are refused") {
    spoken_rig rig;
    for (const char* text : {"+1", "a", ":ok:", " ", "\xF0\x9F\x91\x8D\xF0\x9F\x91\x8D"})
        CHECK(refused(*rig.log, rig.reaction("bob", "x", text)) == error_code::bad_field);
    auto nobody = rig.reaction("bob", "x", "\xF0\x9F\x91\x8D");
    nobody.by = passer_by("~eve");
    CHECK(refused(*rig.log, nobody) == error_code::forbidden);
    const auto emoji = [](int i) { return "\xF0\x9F\x8D" + std::string(1, char(0x80 + i)); };
    for (int i = 0; i < 10; ++i)
        done(*rig.log, rig.reaction("bob", "b" + std::to_string(i), emoji(i)));
    CHECK(refused(*rig.log, rig.reaction("bob", "x", emoji(10))) == error_code::limit);
    for (int i = 10; i < 20; ++i)
        done(*rig.log, rig.reaction("ann", "a" + std::to_string(i), emoji(i)));
    rig.account("cat");
    CHECK(refused(*rig.log, rig.reaction("cat", "x", emoji(20))) == error_code::limit);
    done(*rig.log, rig.reaction("cat", "x", emoji(3)));
}

TEST_CASE("a message is pinned and unpinned by accounts, and a deletion takes the pin out") {
    spoken_rig rig;
    const auto pin = [&rig](const chat::identity& who, const std::string& nonce, bool on) {
        return test::pin("lobby", who, nonce, rig.said, on);
    };
    const auto pinned = done(*rig.log, pin(by("bob"), "p1", true));
    CHECK(rig.message().pinned == true);
    CHECK(rig.message().marks == pinned.seq);
    CHECK_FALSE(rig.message().rev);
    CHECK(rig.unread("bob") == 1);
    CHECK(done(*rig.log, pin(by("bob"), "p1", true)).seq == pinned.seq);
    CHECK(done(*rig.log, pin(by("ann"), "p2", true)).seq == pinned.seq);  // it is
    CHECK(refused(*rig.log, pin(by("bob"), "p1", false)) == error_code::conflict);
    CHECK(refused(*rig.log, pin(passer_by("~eve"), "p3", false)) == error_code::forbidden);
    rig.reopen();
    const auto unpinned = done(*rig.log, pin(by("ann"), "p4", false));
    CHECK(unpinned.seq == pinned.seq + 1);
    CHECK_FALSE(rig.message().pinned);
    done(*rig.log, pin(by("ann"), "p5", true));
    const auto deleted = done(*rig.log, rig.deletion("ann", "d1"));
    CHECK_FALSE(rig.message().pinned);
    CHECK(rig.page("lobby", direction::newest).top == deleted.seq);
    CHECK(refused(*rig.log, pin(by("bob"), "p6", true)) == error_code::gone);
    CHECK(refused(*rig.log, test::pin("lobby", by("bob"), "p7", 1, true)) == error_code::not_found);
}

TEST_CASE("a room has so many pinned messages; one that is deleted or unpinned makes room") {
    spoken_rig rig;
    std::vector<std::uint64_t> said;
    for (std::size_t i = 0; i <= protocol::limits::pins_max; ++i)
        said.push_back(rig.say("lobby", "ann", "x", "m" + std::to_string(i)).seq);
    const auto pin = [](std::uint64_t target, const std::string& nonce, bool on) {
        return test::pin("lobby", by("bob"), nonce, target, on);
    };
    for (std::size_t i = 0; i < protocol::limits::pins_max; ++i)
        done(*rig.log, pin(said[i], "p" + std::to_string(i), true));
    rig.reopen();
    CHECK(refused(*rig.log, pin(said.back(), "q1", true)) == error_code::limit);
    done(*rig.log, pin(said[0], "q2", false));
    done(*rig.log, pin(said.back(), "q3", true));
    CHECK(refused(*rig.log, pin(said[0], "q4", true)) == error_code::limit);
    done(*rig.log, test::deletion("lobby", by("ann"), "d1", said[1]));
    done(*rig.log, pin(said[0], "q5", true));
}

TEST_CASE("a message is edited at most so often") {
    spoken_rig rig;
    std::uint64_t rev = rig.said;
    for (std::size_t i = 0; i < protocol::limits::edits_max; ++i)
        rev = done(*rig.log, rig.edit("ann", "e" + std::to_string(i), rev, std::to_string(i))).seq;
    CHECK(refused(*rig.log, rig.edit("ann", "more", rev, "more")) == error_code::limit);
    CHECK(rig.versions().size() == protocol::limits::edits_max + 1);
}

TEST_CASE("a guest edits what they said under this session, not what a former guest said") {
    spoken_rig rig;
    const auto come = [&rig](const std::string& token) {
        return done(*rig.log, chat::add_guest{{"~gus", token, "test/1"}}).session;
    };
    chat::identity gus{.user = "~gus", .session = come("g1"), .guest = true};
    rig.now += 1;
    rig.said = done(*rig.log, test::send("lobby", gus, "n1", "mine", {})).seq;
    auto edit = rig.edit("ann", "e1", rig.said, "still mine");
    edit.by = gus;
    edit.base = done(*rig.log, edit).seq;
    done(*rig.log, chat::end_session{"~gus", gus.session});
    rig.now += 1;
    edit.by.session = come("g2");
    edit.nonce = "e2";
    CHECK(refused(*rig.log, edit) == error_code::forbidden);
}

TEST_CASE("pages hold entries, however many changes lie between them") {
    spoken_rig rig;
    std::uint64_t rev = rig.said;
    for (int i = 0; i < 60; ++i)
        rev = done(*rig.log, rig.edit("ann", "e" + std::to_string(i), rev, std::to_string(i))).seq;
    const auto next = rig.say("lobby", "bob", "next", "n2").seq;
    const auto seqs = [&rig](direction where, std::uint64_t seq, std::uint64_t limit) {
        const auto page = rig.page("lobby", where, seq, limit);
        std::string out = std::to_string(page.from) + "-" + std::to_string(page.to) + ":";
        for (const auto& event : page.events) out += " " + std::to_string(event.seq);
        return out + (page.more ? " +" : "");
    };
    const std::string said = std::to_string(rig.said), top = std::to_string(next);
    CHECK(seqs(direction::newest, 0, 2) == said + "-" + top + ": " + said + " " + top + " +");
    CHECK(seqs(direction::before, next, 1) ==
          said + "-" + std::to_string(next - 1) + ": " + said + " +");
    CHECK(seqs(direction::after, rig.said, 9) ==
          std::to_string(rig.said + 1) + "-" + top + ": " + top);
    CHECK(seqs(direction::after, rig.said - 1, 1) == said + "-" + said + ": " + said + " +");
    CHECK(seqs(direction::around, rig.said + 30, 2) ==
          said + "-" + top + ": " + said + " " + top + " +");
    const auto run = answered(*rig.log, chat::read_run{"lobby", by("bob"), 3, 200});
    CHECK(run.events.size() == next - 3);
    CHECK(protocol::text_of(run.events.at(0)) == "59");
}
