// The moves of networks, servers and pages.
#include "tests/simulation/world.hpp"

#include "shared/protocol/codec.hpp"
#include "shared/protocol/names.hpp"
#include "tests/commands.hpp"
#include "tests/direct_rooms.hpp"

namespace parley::simulation {
namespace {

namespace in = state::inputs;

constexpr std::size_t browsers_max = 4;
constexpr std::size_t healing_steps_max = 200'000;

}  // namespace

world::world(std::uint64_t seed) : lot_(seed) {
    settings_.send_burst = 8;
    settings_.send_per_second = 4;
    settings_.outbox_bytes_max = 1500;  // so small that readers fall behind often
    settings_.name_direct_room = test::direct_room_name;
    start_server();
    ledger_.submit(test::create_room("den", "Den", test::passer_by("parley")),
                   [](const chat::outcome&) {});
    while (ledger_.step()) continue;
    ledger_.refuses = [this] { return chance(60); };
    // Some rooms are older than a page, so that there is something to scroll back to.
    if (chance(3))
        for (int i = 0; i < 130; ++i) ledger_.say("lobby", "parley", "before");
    for (std::size_t i = 0; i + 1 < browsers_max; ++i)
        accounts_.push_back("user" + std::to_string(i));
    const std::size_t count = 2 + lot_() % (browsers_max - 1);
    for (std::size_t i = 0; i < count; ++i) add_browser(i);
}

// The third may be a guest's. The fourth is a second tab of the first.
void world::add_browser(std::size_t number) {
    browser& who = *browsers_.emplace_back(std::make_unique<browser>());
    who.user = accounts_[number % accounts_.size()];
    if (number == 2) who.kind = static_cast<kind>(lot_() % 3);
    if (who.kind != kind::account) who.user = protocol::guest_name(who.user);
    if (who.kind != kind::passer_by)
        for (const std::string& room : rooms_) ledger_.join(room, who.user);
    step(who, in::started{"lobby"});
}

void world::start_server() { hub_ = std::make_unique<chat::hub>(ledger_, bus_, settings_, 0); }

std::string world::play(std::size_t steps) {
    for (std::size_t i = 0; i < steps && broken_.empty(); ++i) {
        move();
        hub_->check_invariants();
    }
    if (broken_.empty()) heal();
    return broken_.empty() ? judge() : broken_;
}

void world::move() {
    ++moves_;
    now_ms_ += lot_() % 40;
    browser& who = *one_of(browsers_);
    const bool is_slow = moves_ >= slow_from_;
    if (is_slow && chance(10)) return act_elsewhere();
    const auto kind = lot_() % 40;
    if (is_slow && kind < 2) return step(who, in::load_older{});  // nobody is cut off
    switch (kind) {
        case 0: return reload(who);
        case 1: return cut(who, 1006);
        case 2:
            if (chance(4)) return crash_server();
            if (chance(4)) return overflow();
            return act_elsewhere();
        case 3: who.reads = !who.reads; return;
        case 4: now_ms_ += lot_() % 3000; return hub_->tick(now_ms_);
        case 5:
        case 6:
        case 7:
        case 8: return act(who);
        case 9:
        case 10: return connect(who);
        case 11:
        case 12:
        case 13:
        case 14:
        case 15:
        case 16: to_server(who); return;
        case 17:
        case 18:
        case 19:
        case 20:
        case 21:
        case 22:
        case 23:
            if (who.reads) to_browser(who);
            return;
        case 24:
        case 25:
        case 26:
        case 27:
        case 28:
            hint(faithful_);
            if (chance(2)) hub_->tell_rooms(now_ms_ * 1000, chance(2) ? 20'000 : 0);
            return;
        case 29: return step(who, in::tick{});
        default: return work();
    }
}

// The ledger does something of what there is to do.
void world::work() {
    const bool answers_pages = moves_ < slow_from_ || chance(20);
    for (std::size_t kind = lot_(), tried = 0; tried < 5; ++tried) {
        switch ((kind + tried) % 5) {
            case 0:
                if (ledger_.write(1 + lot_() % 4)) return;
                break;
            case 1:
                if (ledger_.answer_oldest()) return;
                break;
            case 2:
                if (ledger_.read(lot_())) return;
                break;
            case 3:
                if (ledger_.answer_query(lot_())) return;
                break;
            default:
                if (answers_pages && ledger_.answer_page(lot_())) return;
        }
    }
}

void world::step(browser& who, const state::input& input) {
    const state::effects effects = state::reduce(who.model, input, now_ms_);
    for (const auto& [name, room] : who.model.rooms) room.log.check_invariants();
    carry_out(who, effects);
}

void world::carry_out(browser& who, const state::effects& effects) {
    for (const auto& effect : effects) {
        if (const auto* frame = std::get_if<state::send_frame>(&effect); frame && who.line)
            who.line->to_server.push_back(frame->frame);
        if (const auto* post = std::get_if<state::post>(&effect)) answer_post(who, *post);
        if (const auto* kept = std::get_if<state::store>(&effect)) {
            if (kept->value.empty())
                who.storage.erase(kept->key);
            else
                who.storage[kept->key] = kept->value;
            const auto deed = state::from_stored(kept->value);
            if (deed && deed->message()) who.written.insert(deed->nonce());
        }
        if (const auto* wanted = std::get_if<state::load>(&effect)) load(who, wanted->prefixes);
        if (std::holds_alternative<state::drop_connection>(effect)) cut(who, 1006);
    }
}

void world::answer_post(browser& who, const state::post& request) {
    protocol::ok answer;
    answer.user = who.user;
    answer.guests = false;
    step(who, in::posted{.type = request.type, .body = protocol::encode(answer)});
}

void world::load(browser& who, const std::vector<std::string>& prefixes) {
    in::restored stored;
    for (const auto& entry : who.storage)
        for (const std::string& prefix : prefixes)
            if (entry.first.starts_with(prefix)) stored.values.insert(entry);
    step(who, stored);
}

void world::connect(browser& who) {
    if (who.line || !state::wants_connection(who.model)) return;
    who.line = std::make_unique<wire>(settings_.outbox_bytes_max);
    const chat::identity by{.user = who.user,
                            .session = who.kind == kind::passer_by ? "" : "session-" + who.user,
                            .guest = who.kind != kind::account};
    who.at_server = hub_->open_conversation(by, *who.line);
    step(who, in::connecting{});
    step(who, in::opened{});
}

void world::cut(browser& who, std::uint16_t code) {
    if (!who.line) return;
    who.at_server.reset();
    who.line.reset();
    step(who, in::closed{code});
}

void world::reload(browser& who) {
    who.at_server.reset();
    who.line.reset();
    who.model = {};
    step(who, in::started{one_of(rooms_)});
}

bool world::to_server(browser& who) {
    if (!who.line || !who.at_server || who.line->to_server.empty() || who.line->close_code != 0)
        return false;
    const std::string frame = std::move(who.line->to_server.front());
    who.line->to_server.pop_front();
    who.at_server->receive(frame, now_ms_);
    return true;
}

bool world::to_browser(browser& who) {
    if (!who.line) return false;
    if (who.line->to_browser.empty()) {
        if (who.line->close_code == 0) return false;
        cut(who, who.line->close_code);
        return true;
    }
    const std::string frame = who.line->take_for_browser();
    if (who.line->drained_now() && who.at_server) who.at_server->drained();
    const auto read = protocol::decode_notice(frame);
    if (const auto* notice = std::get_if<protocol::notice>(&read)) {
        check(*who.line, who.model, *notice);
        check_secrecy(who, *notice);
        note_acknowledgement(who, *notice);
    } else {
        broken_ = "the browser cannot read " + frame;
    }
    step(who, in::received{frame});
    return true;
}

bool world::hint(bool faithful) {
    if (bus_.hints.empty()) return false;
    const auto next = bus_.hints.front();
    if (faithful || !chance(12)) bus_.hints.pop_front();  // else it comes once more
    if (faithful || !chance(20)) {
        hub_->receive(*next);
    } else if (!std::holds_alternative<chat::events_committed>(*next) &&
               !std::holds_alternative<chat::person_changed>(*next)) {
        hub_->hints_lost();  // what shows by no gap is said to be lost
    }                        // else it is lost, at least this time
    return true;
}

// A mailbox that is full refuses hints, and its shard learns of it.
void world::overflow() {
    const std::size_t kept = bus_.hints.empty() ? 0 : lot_() % bus_.hints.size();
    bus_.hints.resize(kept);
    while (hint(faithful_)) continue;
    hub_->hints_lost();
}

void world::crash_server() {
    for (auto& who : browsers_) cut(*who, 1006);
    ledger_.crash();
    bus_.hints.clear();
    start_server();
}

// All that was committed is told before what was read long ago.
void world::tell_commits() {
    while (ledger_.answer_oldest()) continue;
    while (hint(true)) continue;
    hub_->tell_rooms(now_ms_ * 1000, 0);
    for (auto& who : browsers_)
        while (who->line && to_browser(*who)) continue;
}

// No more faults happen. Everything that waits is done, and then time passes.
void world::heal() {
    for (auto& who : browsers_) who->reads = true;
    ledger_.refuses = nullptr;
    // A lost hint shows as a gap only when the next one comes.
    for (const std::string& room : rooms_)
        if (!faithful_ && ledger_.has_room(room) && ledger_.log(room).size() > 1)
            ledger_.say(room, ledger_.log(room).front().author, "the end");
    for (auto& who : browsers_)
        if (!faithful_ && who->kind != kind::passer_by)
            ledger_.happen(chat::authored<protocol::change_setting>{
                {.name = "end", .value = "of " + std::to_string(++lines_)}, test::by(who->user)});
    if (moves_ >= slow_from_) tell_commits();
    for (std::size_t i = 0; i < healing_steps_max; ++i) {
        if (!advance()) return;
        hub_->check_invariants();
    }
    broken_ = "it never comes to rest";
}

// Whether no count is to be asked for, or to be waited for.
static bool knows_counts(const state::model& model) {
    return std::none_of(model.rooms.begin(), model.rooms.end(), [](const auto& entry) {
        return entry.second.joined && entry.second.reading.uncertain;
    });
}

bool world::advance() {
    bool busy = ledger_.step();
    while (hint(true)) busy = true;
    hub_->tell_rooms(now_ms_ * 1000, 0);
    for (auto& who : browsers_) {
        if (!who->line) {
            connect(*who);
            busy = true;
        }
        busy = to_server(*who) || busy;
        busy = to_browser(*who) || busy;
    }
    if (busy) return true;
    // Nothing moves by itself: time passes.
    now_ms_ += 1500;
    hub_->tick(now_ms_);
    for (auto& who : browsers_) {
        discard_failed(*who);
        step(*who, in::tick{});
    }
    bool rests = bus_.hints.empty() && ledger_.idle();
    for (auto& who : browsers_) {
        const bool quiet =
            who->line && who->line->to_server.empty() && who->line->to_browser.empty();
        rests = rests && quiet && who->model.unsent.unfinished() == 0 &&
                who->model.delayed.empty() && !who->model.draft_due && knows_counts(who->model);
    }
    return !rests;
}

}  // namespace parley::simulation
