// The first file of each script is a copy: accounts are opened once for all of them.
#include "tests/fuzz/twins.hpp"

#include "shared/fold/fold.hpp"
#include "shared/protocol/codec.hpp"
#include "tests/fuzz/promise.hpp"

#include <stdlib.h>

#include <set>
#include <utility>

namespace parley::fuzz {
namespace fs = std::filesystem;

namespace {

constexpr base::time_ms now = 1'795'132'800'000;  // as the twin's clock

std::unique_ptr<storage::sqlite_ledger> open_ledger(const fs::path& data,
                                                    chat::commit_listener& commits) {
    storage::ledger_settings settings;
    settings.sync = storage::durability::normal;
    settings.readers = 1;
    settings.mark_patience = {};
    settings.now = [] { return now; };
    return std::make_unique<storage::sqlite_ledger>(data, commits, settings);
}

chat::outcome run(chat::ledger& log, chat::command command) {
    std::promise<chat::outcome> outcome;
    log.submit(std::move(command), [&](chat::outcome each) { outcome.set_value(std::move(each)); });
    return outcome.get_future().get();
}

chat::command account(const std::string& user) {
    return chat::add_account{user, "$hash-of-" + user, {user, "token-of-" + user, "test/1"}};
}

const fs::path& first_file() {
    static const directory files;
    static const fs::path file = [] {
        recording_listener nobody;
        const auto log = open_ledger(files.path() / "first", nobody);
        for (const std::string& user : accounts)
            promise(std::holds_alternative<chat::receipt>(run(*log, account(user))),
                    "an account is opened");
        return files.path() / "first" / "parley.db";
    }();
    return file;
}

// ---- answers as text

std::string as_text(const chat::refusal& refused) {
    return "refused " + std::string(protocol::to_word(refused.code)) + ", rev " +
           std::to_string(refused.rev);
}

std::string as_text(const chat::outcome& outcome) {
    if (const auto* refused = std::get_if<chat::refusal>(&outcome)) return as_text(*refused);
    const auto& done = std::get<chat::receipt>(outcome);
    return std::to_string(done.seq) + " at " + std::to_string(done.at) + " of " +
           std::to_string(done.top) + " in " + std::to_string(done.epoch) + ", said " +
           std::to_string(done.said) + ", of " + done.room + ", log " + std::to_string(done.person);
}

std::string as_text(const std::string& room, std::uint64_t epoch,
                    const std::vector<protocol::event>& events) {
    return protocol::encode(protocol::events{room, epoch, events});
}

std::string as_text(const chat::page& page) {
    return as_text("a", page.epoch, page.events) + std::to_string(page.from) + "-" +
           std::to_string(page.to) + " of " + std::to_string(page.top) + ", said " +
           std::to_string(page.said) + ", shrunk " + std::to_string(page.shrunk) +
           (page.more ? "+" : ".");
}

std::string as_text(const chat::version_list& list) {
    protocol::ok reply;
    reply.versions = list.versions;
    reply.more = list.more;
    return protocol::encode(reply);
}

std::string as_text(const chat::room_counts& found) {
    protocol::ok reply;
    reply.counts = found.counts;
    reply.person = found.person;
    return protocol::encode(reply);
}

std::string as_text(const chat::room_list& list) {
    std::string all;
    for (const auto& room : list.rooms)
        all += room.room + " " + room.title + " " + std::to_string(room.top) + " " +
               std::to_string(room.shrunk.value_or(0)) + " " + std::to_string(room.read) + " " +
               std::to_string(room.unread) + (room.joined ? " joined\n" : "\n");
    all += std::to_string(list.personal.seq) + (list.personal.anew ? " anew\n" : "\n");
    for (const chat::kept_record& one : list.personal.records)
        all += std::to_string(one.seq) + " " + protocol::encode_body(one.record.body) + "\n";
    return all;
}

// The script asks for nothing else.
template <class Other>
std::string as_text(const Other&) {
    promise(false, "an answer is of a kind that can be compared");
    return {};
}

std::string as_text(const chat::any_answer& answer) {
    return std::visit([](const auto& one) { return as_text(one); }, answer);
}

void same(const std::string& real, const std::string& model) {
    if (real != model)
        std::fprintf(stderr, "ledger: %s\nits twin: %s\n", real.c_str(), model.c_str());
    promise(real == model, "the ledger and its twin agree");
}

// Somebody who may read the log of the room.
std::string reader_of(const std::string& room) { return room == "dm-bob-cat" ? "bob" : "ann"; }

// What was committed one by one, as the log gives it to its reader today: messages folded, and of
// what was deleted nothing said.
std::vector<protocol::event> as_read(const std::string& room, std::vector<protocol::event> log) {
    for (const protocol::event& change : log)
        if (const auto target = protocol::target_of(change.body))
            fold::apply(log.at(*target - 1), change);
    for (protocol::event& event : log) {
        auto* const edit = protocol::as<protocol::edited>(event);
        if (edit && protocol::text_of(log.at(edit->target - 1)).empty()) edit->text.reset();
        fold::show_to(event, reader_of(room));
    }
    return log;
}

void check_nonces(const std::map<std::string, std::vector<protocol::event>>& logs) {
    std::set<std::pair<std::string, std::string>> nonces;
    for (const auto& [room, log] : logs)
        for (const auto& each : log)
            promise(!each.nonce || nonces.insert({each.author, *each.nonce}).second,
                    "a nonce stands once");
}

}  // namespace

directory::directory() {
    std::string name = (fs::temp_directory_path() / "parley-fuzz-XXXXXX").string();
    promise(mkdtemp(name.data()) != nullptr, "a directory can be had");
    path_ = name;
}

directory::~directory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

void recording_listener::committed(chat::commit changes, const std::function<void()>& answer) {
    answer();
    const std::lock_guard lock(mutex_);
    for (const auto& each : changes.events) events_[each.room].push_back(each.event);
}

std::vector<protocol::event> recording_listener::committed_in(const std::string& room) const {
    const std::lock_guard lock(mutex_);
    const auto found = events_.find(room);
    return found == events_.end() ? std::vector<protocol::event>() : found->second;
}

twins::twins() : map_(silence_, false) {
    fs::create_directory(files_.path() / "data");
    fs::copy_file(first_file(), files_.path() / "data" / "parley.db");
    open();
    for (const std::string& user : accounts) run_in_map(account(user));
}

void twins::open() { sqlite_ = open_ledger(files_.path() / "data", commits_); }

void twins::submit(const chat::command& command) {
    auto real = std::make_shared<std::promise<chat::outcome>>();
    auto model = std::make_shared<chat::outcome>();
    sqlite_->submit(command, [real](chat::outcome each) { real->set_value(std::move(each)); });
    map_.submit(command, [model](chat::outcome each) { *model = std::move(each); });
    pending_.push_back({real, model});
}

void twins::settle() {
    while (map_.step()) {
    }
    for (const auto& [real, model] : pending_)
        same(as_text(real->get_future().get()), as_text(*model));
    pending_.clear();
}

void twins::ask(const chat::query& query) {
    settle();
    chat::any_answer model;
    map_.look_up(query, [&](chat::any_answer each) { model = std::move(each); });
    while (map_.step()) {
    }
    same(as_text(ask_sqlite(query)), as_text(model));
}

void twins::restart() {
    settle();
    sqlite_.reset();
    open();
}

void twins::add_guest() {
    settle();
    const std::string token = "token-" + std::to_string(++tokens_);
    const chat::command command = chat::add_guest{{guest, token, "test/1"}};
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

void twins::end_guest() {
    settle();
    const auto real = run(*sqlite_, chat::end_session{guest, guest_session_});
    same(as_text(real), as_text(run_in_map(chat::end_session{guest, guest_session_in_map_})));
    promise(std::holds_alternative<chat::receipt>(real) == !guest_session_.empty(),
            "a session ends once");
    guest_session_.clear();
    guest_session_in_map_.clear();
}

void twins::check() {
    settle();
    std::map<std::string, std::vector<protocol::event>> logs;
    for (const std::string& room : rooms) logs[room] = read_log(room);
    check_nonces(logs);
    promise(sqlite_->health().empty(), "the ledger is well");
    sqlite_.reset();  // announces what is still to be announced
    for (const auto& [room, log] : logs) check_log(room, log);
}

chat::outcome twins::run_in_map(const chat::command& command) {
    chat::outcome out;
    map_.submit(command, [&out](chat::outcome each) { out = std::move(each); });
    while (map_.step()) {
    }
    return out;
}

chat::any_answer twins::ask_sqlite(const chat::query& query) {
    std::promise<chat::any_answer> answer;
    sqlite_->look_up(query, [&](chat::any_answer each) { answer.set_value(std::move(each)); });
    return answer.get_future().get();
}

// In runs of 7.
std::vector<protocol::event> twins::read_log(const std::string& room) {
    std::vector<protocol::event> log;
    while (true) {
        const auto answer = ask_sqlite(chat::read_run{
            .room = room, .by = test::by(reader_of(room)), .seq = log.size(), .limit = 7});
        const auto* const page = std::get_if<chat::page>(&answer);
        if (!page) return log;
        for (const auto& each : page->events) {
            promise(each.seq == log.size() + 1, "seq is contiguous from 1");
            log.push_back(each);
        }
        promise(page->more || log.size() == page->top, "the last run ends at the top");
        if (!page->more) return log;
    }
}

void twins::check_log(const std::string& room, const std::vector<protocol::event>& log) const {
    auto announced = commits_.committed_in(room);
    promise(announced.size() <= log.size(), "nothing is announced that is not in the log");
    const auto earlier =
        static_cast<std::ptrdiff_t>(log.size() - announced.size());  // of the first file
    promise(earlier == (room == "lobby" ? 1 + std::ssize(accounts) : 0),
            "all that is committed is announced");
    announced.insert(announced.begin(), log.begin(), log.begin() + earlier);
    same(as_text(room, 1, log), as_text(room, 1, as_read(room, std::move(announced))));
    if (!log.empty()) same(as_text(room, 1, log), as_text(room, 1, as_read(room, map_.log(room))));
}

}  // namespace parley::fuzz
