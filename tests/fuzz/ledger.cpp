// The SQLite ledger beside its twin, the map of the simulation: a script of commands in groups,
// questions and restarts gives both the same answers and the same log; seq is contiguous, a nonce
// stands once, and what is reported as committed is what the log holds.
#include "server/storage/sqlite_ledger.hpp"
#include "shared/protocol/codec.hpp"
#include "tests/direct_rooms.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/fuzz/script.hpp"
#include "tests/simulation/map_ledger.hpp"

#include <spdlog/spdlog.h>
#include <stdlib.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

using namespace parley;
using fuzz::promise;
using test::by;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t moves_max = 100;
constexpr std::size_t restarts_max = 3;
constexpr base::time_ms now = 1'795'132'800'000;  // as the twin's clock

const std::array<std::string, 3> accounts{"ann", "bob", "cat"};
const std::string guest = "~gus";
const std::array<std::string, 8> rooms{"lobby",      "a",          "b",          "c",
                                       "dm-ann-bob", "dm-ann-cat", "dm-bob-cat", "dm-ann-bob-cat"};

// ---- where the files are

class directory {
public:
    directory() {
        std::string name = (fs::temp_directory_path() / "parley-fuzz-XXXXXX").string();
        promise(mkdtemp(name.data()) != nullptr, "a directory can be had");
        path_ = name;
    }
    ~directory() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

// Keeps what was committed, room by room.
class recording_listener final : public chat::commit_listener {
public:
    void committed(chat::commit changes, const std::function<void()>& answer) override {
        answer();
        const std::lock_guard lock(mutex_);
        for (const auto& each : changes.events) events_[each.room].push_back(each.event);
    }
    std::vector<protocol::event> committed_in(const std::string& room) const {
        const std::lock_guard lock(mutex_);
        const auto found = events_.find(room);
        return found == events_.end() ? std::vector<protocol::event>() : found->second;
    }

private:
    mutable std::mutex mutex_;
    std::map<std::string, std::vector<protocol::event>> events_;
};

std::unique_ptr<storage::sqlite_ledger> open_ledger(const fs::path& data,
                                                    chat::commit_listener& commits) {
    storage::ledger_settings how;
    how.sync = storage::durability::normal;
    how.readers = 1;
    how.now = [] { return now; };
    return std::make_unique<storage::sqlite_ledger>(data, commits, how);
}

chat::outcome run(chat::ledger& log, chat::command what) {
    std::promise<chat::outcome> became;
    log.submit(std::move(what), [&](chat::outcome each) { became.set_value(std::move(each)); });
    return became.get_future().get();
}

chat::command account(const std::string& user) {
    return chat::add_account{user, "$hash-of-" + user, {user, "token-of-" + user, "test/1"}};
}

// A ledger with its accounts, made once; each script begins with a copy.
const fs::path& first_file() {
    static const directory place;
    static const fs::path file = [] {
        recording_listener nobody;
        const auto log = open_ledger(place.path() / "first", nobody);
        for (const std::string& user : accounts)
            promise(std::holds_alternative<chat::receipt>(run(*log, account(user))),
                    "an account is opened");
        return place.path() / "first" / "parley.db";
    }();
    return file;
}

// ---- both ledgers

std::string as_text(const chat::outcome& became) {
    if (const auto* refused = std::get_if<chat::refusal>(&became))
        return "refused " + std::string(protocol::to_word(refused->code));
    const auto& done = std::get<chat::receipt>(became);
    return std::to_string(done.seq) + " at " + std::to_string(done.at) + " of " +
           std::to_string(done.top) + " in " + std::to_string(done.epoch) + " of " + done.room;
}

std::string as_text(const std::string& room, std::uint64_t epoch,
                    const std::vector<protocol::event>& events) {
    return protocol::encode(protocol::events{room, epoch, events});
}

std::string as_text(const chat::answer& answer) {
    if (const auto* refused = std::get_if<chat::refusal>(&answer))
        return "refused " + std::string(protocol::to_word(refused->code));
    if (const auto* page = std::get_if<chat::page>(&answer))
        return as_text("a", page->epoch, page->events) + std::to_string(page->from) + "-" +
               std::to_string(page->to) + " of " + std::to_string(page->top) + ", said " +
               std::to_string(page->said) + (page->more ? "+" : ".");
    if (const auto* found = std::get_if<chat::room_counts>(&answer)) {
        protocol::ok counts;
        counts.counts = found->counts;
        return protocol::encode(counts);
    }
    std::string all;
    for (const auto& room : std::get<chat::room_list>(answer).rooms)
        all += room.room + " " + room.title + " " + std::to_string(room.top) + " " +
               std::to_string(room.read) + " " + std::to_string(room.unread) +
               (room.joined ? " joined\n" : "\n");
    return all;
}

class twins {
public:
    twins() : map_(silence_, false) {
        fs::create_directory(place_.path() / "data");
        fs::copy_file(first_file(), place_.path() / "data" / "parley.db");
        open();
        for (const std::string& user : accounts) run_in_map(account(user));
    }

    // Carried out in one group, or in as many as the writer makes of it, when it is settled.
    void submit(const chat::command& what) {
        auto real = std::make_shared<std::promise<chat::outcome>>();
        auto model = std::make_shared<chat::outcome>();
        sqlite_->submit(what, [real](chat::outcome each) { real->set_value(std::move(each)); });
        map_.submit(what, [model](chat::outcome each) { *model = std::move(each); });
        pending_.push_back({real, model});
    }

    void settle() {
        while (map_.step()) {
        }
        for (const auto& [real, model] : pending_)
            same(as_text(real->get_future().get()), as_text(*model));
        pending_.clear();
    }

    void ask(const chat::query& what) {
        settle();
        chat::answer model;
        map_.ask(what, [&](chat::answer each) { model = std::move(each); });
        while (map_.step()) {
        }
        same(as_text(ask_sqlite(what)), as_text(model));
    }

    void restart() {
        settle();
        sqlite_.reset();
        open();
    }

    // The names of sessions are each ledger's own.
    void add_guest() {
        settle();
        const chat::command command = chat::add_guest{{guest, next_token(), "test/1"}};
        const auto real = run(*sqlite_, command), model = run_in_map(command);
        same(as_text(real), as_text(model));
        const auto* const done = std::get_if<chat::receipt>(&real);
        promise((done != nullptr) == guest_session_.empty(),
                "a guest's name is taken while a session holds it");
        if (!done) return;
        guest_session_ = done->session;
        guest_session_in_map_ = std::get<chat::receipt>(model).session;
        promise(!guest_session_.empty(), "a session has a name");
    }
    void end_guest() {
        settle();
        const auto real = run(*sqlite_, chat::end_session{guest, guest_session_});
        same(as_text(real), as_text(run_in_map(chat::end_session{guest, guest_session_in_map_})));
        promise(std::holds_alternative<chat::receipt>(real) == !guest_session_.empty(),
                "a session ends once");
        guest_session_.clear();
        guest_session_in_map_.clear();
    }

    void check() {
        settle();
        std::map<std::string, std::vector<protocol::event>> logs;
        for (const std::string& room : rooms) logs[room] = read_log(room);
        std::set<std::pair<std::string, std::string>> nonces;
        for (const auto& [room, log] : logs)
            for (const auto& each : log)
                promise(!each.nonce || nonces.insert({each.author, *each.nonce}).second,
                        "a nonce stands once");
        promise(sqlite_->health().empty(), "the ledger is well");
        sqlite_.reset();  // tells what is still to be told
        for (const auto& [room, log] : logs) check_log(room, log);
    }

private:
    struct waiting {
        std::shared_ptr<std::promise<chat::outcome>> real;
        std::shared_ptr<chat::outcome> model;
    };
    struct deaf_bus : chat::bus {
        void publish(std::shared_ptr<const chat::hint>) override {}
    };

    void open() { sqlite_ = open_ledger(place_.path() / "data", commits_); }

    static void same(const std::string& real, const std::string& model) {
        if (real != model)
            std::fprintf(stderr, "ledger: %s\nits twin: %s\n", real.c_str(), model.c_str());
        promise(real == model, "the ledger and its twin agree");
    }

    chat::outcome run_in_map(const chat::command& command) {
        chat::outcome out;
        map_.submit(command, [&out](chat::outcome became) { out = std::move(became); });
        while (map_.step()) {
        }
        return out;
    }

    chat::answer ask_sqlite(const chat::query& what) {
        std::promise<chat::answer> answer;
        sqlite_->ask(what, [&](chat::answer each) { answer.set_value(std::move(each)); });
        return answer.get_future().get();
    }

    std::string next_token() { return "token-" + std::to_string(++tokens_); }

    // In pages of 7.
    std::vector<protocol::event> read_log(const std::string& room) {
        std::vector<protocol::event> log;
        const auto reader = by(room == "dm-bob-cat" ? "bob" : "ann");
        while (true) {
            const auto answer = ask_sqlite(
                chat::read_run{.room = room, .by = reader, .seq = log.size(), .limit = 7});
            const auto* const page = std::get_if<chat::page>(&answer);
            if (!page) return log;
            for (const auto& each : page->events) {
                promise(each.seq == log.size() + 1, "seq is contiguous from 1");
                log.push_back(each);
            }
            promise(page->more || log.size() == page->top, "the last page ends at the top");
            if (!page->more) return log;
        }
    }

    void check_log(const std::string& room, const std::vector<protocol::event>& log) const {
        auto told = commits_.committed_in(room);
        promise(told.size() <= log.size(), "nothing is told that is not in the log");
        const auto untold =
            static_cast<std::ptrdiff_t>(log.size() - told.size());  // of the first file
        promise(untold == (room == "lobby" ? 1 + std::ssize(accounts) : 0),
                "all that is committed is told");
        told.insert(told.begin(), log.begin(), log.begin() + untold);
        same(as_text(room, 1, log), as_text(room, 1, told));
        if (!log.empty()) same(as_text(room, 1, log), as_text(room, 1, map_.log(room)));
    }

    directory place_;
    recording_listener commits_;
    deaf_bus silence_;
    simulation::map_ledger map_;
    std::unique_ptr<storage::sqlite_ledger> sqlite_;
    std::vector<waiting> pending_;
    std::string guest_session_, guest_session_in_map_;
    int tokens_ = 0;
};

// ---- the script

const std::string& person(fuzz::script& input) { return accounts[input.byte() % accounts.size()]; }
const std::string& public_room(fuzz::script& input) { return rooms[input.byte() % 4]; }
const std::string& direct_room(fuzz::script& input) { return rooms[4 + input.byte() % 4]; }

std::string text(fuzz::script& input) {
    const std::string some(input.text(input.byte() % 32));
    return protocol::obeys(protocol::message_text, some) ? some : "hello";
}

chat::append message(fuzz::script& input, const std::string& room, std::string_view nonces) {
    const std::string& author = person(input);
    const auto nonce = input.byte(), reply = input.byte();
    return {room, by(author), std::string(nonces) + std::to_string(nonce % 8), text(input),
            reply < 192 ? std::nullopt : std::optional<std::uint64_t>(reply - 192)};
}

chat::read_page page(fuzz::script& input) {
    const std::string& room = public_room(input);
    constexpr std::array where{chat::read_page::direction::newest,
                               chat::read_page::direction::before,
                               chat::read_page::direction::after};
    const auto seq = input.byte() % 32u, limit = 1 + input.byte() % 16u;
    return {room, by(person(input)), where[input.byte() % where.size()], seq, limit};
}

chat::read_run run(fuzz::script& input) {
    const std::string& room = public_room(input);
    const auto seq = input.byte() % 32u, limit = 1 + input.byte() % 16u;
    return {.room = room, .by = by(person(input)), .seq = seq, .limit = limit};
}

void move(fuzz::script& input, twins& both, std::size_t& restarts) {
    switch (input.byte() % 17) {
        case 0:
        case 1: return both.submit(message(input, public_room(input), "n"));
        case 2: {
            const std::string& room = public_room(input);
            const std::string& author = person(input);
            const auto how = input.byte();
            return both.submit(chat::open_room{room, how & 2 ? "Title" : "Other",
                                               how & 1 ? test::passer_by(author) : by(author)});
        }
        case 3: return both.submit(chat::join_room{public_room(input), by(person(input))});
        case 4: return both.submit(chat::leave_room{public_room(input), by(person(input))});
        case 5:
            return both.submit(
                chat::mark_read{public_room(input), by(person(input)), input.byte() % 32u});
        case 6: return both.settle();
        case 7: return both.ask(page(input));
        case 13: return both.ask(run(input));
        case 14: return both.ask(chat::read_counts{by(person(input)), {"a", "lobby", "nowhere"}});
        case 8:
            return both.ask(chat::read_rooms{by(person(input)),
                                             {public_room(input), direct_room(input), "nowhere"}});
        case 9: return input.byte() & 1 ? both.add_guest() : both.end_guest();
        case 10: {
            std::vector<std::string> others;
            for (auto count = input.byte() % 3; count > 0; --count) others.push_back(person(input));
            return both.submit(test::open_direct(person(input), others));
        }
        case 11: return both.submit(message(input, direct_room(input), "d"));
        case 15: return both.submit(chat::join_room{direct_room(input), by(person(input))});
        case 16: return both.submit(chat::leave_room{direct_room(input), by(person(input))});
        default:
            if (++restarts <= restarts_max) both.restart();
    }
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    spdlog::set_level(spdlog::level::off);
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::script input(data, size);
    twins both;
    std::size_t moves = 0, restarts = 0;
    while (!input.ended() && moves++ < moves_max) move(input, both, restarts);
    both.check();
    return 0;
}
