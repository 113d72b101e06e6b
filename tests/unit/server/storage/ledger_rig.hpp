// A real ledger on a directory of its own, asked and answered as if it were a function.
#pragma once

#include "server/storage/sqlite_ledger.hpp"
#include "tests/commands.hpp"
#include "tests/direct_rooms.hpp"
#include "tests/identities.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/within.hpp"

#include <stdlib.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace parley::test {

class temporary_directory {
public:
    temporary_directory() {
        std::string name = (std::filesystem::temp_directory_path() / "parley-test-XXXXXX").string();
        if (!mkdtemp(name.data())) throw std::runtime_error("no temporary directory");
        path_ = name;
    }
    ~temporary_directory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    temporary_directory(const temporary_directory&) = delete;
    temporary_directory& operator=(const temporary_directory&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

// Keeps what was committed.
class recording_listener final : public chat::commit_listener {
public:
    void committed(chat::commit changes, const std::function<void()>& answer) override {
        note('(');
        keep(changes);  // whoever is answered finds it
        answer();
        if (!changes.events.empty()) note('e');
        note(')');
    }

    // What happened, in order: ( and ): a commit that is reported; e: its events, after its
    // answers; and what tests note.
    void note(char event) {
        const std::lock_guard lock(mutex_);
        order_ += event;
    }
    std::string order() const {
        const std::lock_guard lock(mutex_);
        return order_;
    }

    // All commits so far as one.
    chat::commit all() const {
        const std::lock_guard lock(mutex_);
        return all_;
    }

private:
    void keep(const chat::commit& changes) {
        const std::lock_guard lock(mutex_);
        append(all_.events, changes.events);
        append(all_.personal, changes.personal);
        append(all_.ended_sessions, changes.ended_sessions);
        append(all_.taken_names, changes.taken_names);
    }
    template <class Value>
    static void append(std::vector<Value>& list, const std::vector<Value>& more) {
        list.insert(list.end(), more.begin(), more.end());
    }

    mutable std::mutex mutex_;
    chat::commit all_;
    std::string order_;
};

inline awaited<chat::outcome> submit(chat::ledger& log, chat::command what) {
    auto promise = std::make_shared<std::promise<chat::outcome>>();
    log.submit(std::move(what),
               [promise](chat::outcome became) { promise->set_value(std::move(became)); });
    return promise->get_future();
}

inline chat::outcome run(chat::ledger& log, chat::command what) {
    return submit(log, std::move(what)).get();
}

inline chat::receipt done(const chat::outcome& became) {
    if (const auto* const refused = std::get_if<chat::refusal>(&became))
        FAIL("refused: " << refused->message);
    return std::get<chat::receipt>(became);
}
inline chat::receipt done(chat::ledger& log, chat::command what) {
    return done(run(log, std::move(what)));
}

inline chat::refusal refused(const chat::outcome& became) {
    REQUIRE(std::holds_alternative<chat::refusal>(became));
    return std::get<chat::refusal>(became);
}
inline protocol::error_code refused(chat::ledger& log, chat::command what) {
    return refused(run(log, std::move(what))).code;
}

template <class Query>
chat::answer_to<Query> ask(chat::ledger& log, Query wanted) {
    return wait_for<chat::answer_to<Query>>(
        [&](auto answer) { log.ask(std::move(wanted), answer); });
}
template <class Query>
typename Query::answer answered(chat::ledger& log, Query wanted) {
    const auto answer = ask(log, std::move(wanted));
    if (const auto* const no = std::get_if<chat::refusal>(&answer))
        FAIL("refused: " << no->message);
    return std::get<0>(answer);
}
template <class Query>
protocol::error_code refused_answer(chat::ledger& log, Query wanted) {
    const auto answer = ask(log, std::move(wanted));
    REQUIRE(std::holds_alternative<chat::refusal>(answer));
    return std::get<chat::refusal>(answer).code;
}

// The server of one test: its clock stands still unless it is moved.
struct ledger_rig {
    explicit ledger_rig() { open(); }

    void open() { log = std::make_unique<storage::sqlite_ledger>(data(), commits, settings()); }
    void close() { log.reset(); }
    void reopen() {
        close();
        open();
    }
    std::filesystem::path data() const { return directory.path() / "data"; }
    std::filesystem::path file() const { return data() / "parley.db"; }
    std::filesystem::path log_file() const { return data() / "parley.db-wal"; }

    storage::ledger_settings settings() {
        storage::ledger_settings how;
        how.sync = storage::durability::normal;
        how.mark_patience = mark_patience;
        how.now = [this] { return now.load(); };
        how.inspected_whole_bytes_max = inspected_whole_bytes_max;
        return how;
    }

    chat::receipt account(const std::string& user) {
        return done(*log, chat::add_account{
                              user, "$hash-of-" + user, {user, "token-of-" + user, "test/1"}});
    }
    chat::receipt say(const std::string& room, const std::string& author, const std::string& text,
                      const std::string& nonce) {
        return done(*log, test::send(room, by(author), nonce, text, {}));
    }
    chat::page page(const std::string& room, chat::read_page::direction where,
                    std::uint64_t seq = 0, std::uint64_t limit = 200) {
        return answered(*log, chat::read_page{room, by("ann"), where, seq, limit});
    }

    temporary_directory directory;
    recording_listener commits;
    std::chrono::milliseconds mark_patience{};
    std::uintmax_t inspected_whole_bytes_max = storage::ledger_settings{}.inspected_whole_bytes_max;
    std::atomic<base::time_ms> now{1'795'132'800'000};
    std::unique_ptr<storage::sqlite_ledger> log;
};

// Kinds and authors of the newest page.
inline std::vector<std::string> log_of(ledger_rig& rig, const std::string& room,
                                       const std::string& reader = "ann") {
    std::vector<std::string> lines;
    for (const auto& event :
         answered(*rig.log,
                  chat::read_page{room, by(reader), chat::read_page::direction::newest, 0, 200})
             .events)
        lines.push_back(std::string(protocol::kind_of(event.body)) + " " + event.author);
    return lines;
}

// As this person has the room.
inline protocol::room_summary summary(ledger_rig& rig, const std::string& user,
                                      const std::string& room) {
    for (const auto& each : answered(*rig.log, chat::read_rooms{by(user), {room}}).rooms)
        if (each.room == room) return each;
    FAIL(user << " does not see " << room);
    return {};
}

inline std::string contents(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// `page` counts from 0.
inline void overwrite_page(const std::filesystem::path& database, std::size_t page) {
    std::fstream file(database, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(page * 4096));
    file << std::string(4096, '\xA5');
}

// Starting must fail with these words and leave the file as it is.
inline void check_refused(ledger_rig& rig, const std::string& words) {
    const std::string before = contents(rig.file());
    CHECK_THROWS_WITH(rig.open(), Catch::Matchers::ContainsSubstring(words) &&
                                      Catch::Matchers::ContainsSubstring(rig.data().string()));
    CHECK(contents(rig.file()) == before);
}

}  // namespace parley::test
