// What people do: at their browsers, and on other devices that are not played.
#include "tests/commands.hpp"
#include "tests/direct_rooms.hpp"
#include "tests/simulation/world.hpp"

#include <algorithm>

namespace parley::simulation {
namespace {

namespace in = state::inputs;

constexpr const char* heart = "\xE2\x9D\xA4";
constexpr const char* star = "\xE2\xAD\x90";

}  // namespace

void world::act(browser& who) {
    switch (lot_() % 13) {
        case 0: return step(who, in::show_room{one_of(rooms_)});
        case 1: return step(who, in::load_older{});
        case 2: return step(who, in::look{chance(2), chance(2)});
        case 3:
            return step(who, in::type_text{who.model.open,
                                           chance(2) ? "half " + std::to_string(++lines_) : ""});
        case 4: return step(who, in::probe{});
        case 5: return change_a_message(who);
        case 6: return come_and_go(who);
        case 7: return change_a_record(who);
        default:
            return step(who, in::send{.room = who.model.open,
                                      .text = "line " + std::to_string(++lines_) +
                                              std::string(lot_() % 300, '.'),
                                      .random = lot_(),
                                      .date_ms = now_ms_});
    }
}

// Rooms come onto the person's list and go from it. Whoever shows or joins somebody else's direct
// room tries to guess its name.
void world::come_and_go(browser& who) {
    const in::stamp at{.random = lot_(), .date_ms = now_ms_};
    switch (lot_() % 5) {
        case 0:
        case 1: {
            const std::string other = one_of(accounts_);
            expect_direct_room(who.user, {other});
            return step(who, in::open_direct{other, at});
        }
        case 2: return step(who, in::leave_room{who.model.open, at});
        case 3: return step(who, in::browse_rooms{});
        default: {
            const std::string room = one_of(rooms_);
            opened_.insert({who.user, room});
            return step(who, in::join_room{room, at});
        }
    }
}

// The name is known before the room is there, so that others can guess it.
void world::expect_direct_room(const std::string& user, const std::vector<std::string>& others) {
    const std::string room = test::open_direct(user, others).room;
    opened_.insert({user, room});
    if (std::find(rooms_.begin(), rooms_.end(), room) == rooms_.end()) rooms_.push_back(room);
}

// One that the log has, or one that has not left.
void world::change_a_message(browser& who) {
    const state::room* const room = state::find_room(who.model, who.model.open);
    if (!room || room->log.empty()) return;
    const auto& entries = room->log.stretches().back().entries;
    const auto& unsent = who.model.unsent.messages();
    const bool has_left = unsent.empty() || chance(2);
    if (has_left && entries.empty()) return;
    const std::uint64_t seq = has_left ? entries[lot_() % entries.size()].seq : 0;
    const std::string nonce = has_left ? "" : unsent[lot_() % unsent.size()].nonce();
    const in::stamp at{.random = lot_(), .date_ms = now_ms_};
    using protocol::action;
    const auto change = [&](action what, const std::string& emoji = {}) {
        step(who, in::change_message{
                      .action = what, .seq = seq, .nonce = nonce, .emoji = emoji, .at = at});
    };
    switch (lot_() % 4) {
        case 0:
            change(action::edit);
            return step(who, in::send{.room = who.model.open,
                                      .text = "changed " + std::to_string(++lines_),
                                      .random = lot_(),
                                      .date_ms = now_ms_});
        case 1:
            who.written.erase(nonce);  // perhaps it never leaves
            return change(action::delete_message);
        case 2: return has_left ? change(action::pin) : void();
        default:
            if (has_left) change(action::react, chance(2) ? heart : star);
    }
}

void world::change_a_record(browser& who) {
    const std::string room = one_of(rooms_);
    switch (lot_() % 4) {
        case 0: return step(who, in::star_room{room, chance(2)});
        case 1: return step(who, in::mute_room{room, chance(2)});
        case 2: return step(who, in::write{chance(2)});
        default: return step(who, in::change_setting{"theme", chance(2) ? "dark" : ""});
    }
}

// What was refused waits for a person, who gives it up.
void world::discard_failed(browser& who) {
    std::vector<std::string> failed;
    for (const state::unsent& one : who.model.unsent.messages())
        if (one.state == state::delivery::failed) failed.push_back(one.nonce());
    for (const std::string& nonce : failed) {
        who.written.erase(nonce);
        step(who, in::discard{nonce});
    }
}

void world::act_elsewhere() {
    const bool lost = !faithful_ && chance(20);
    if (!chance(3)) return change_elsewhere(chance(2) ? rooms_.front() : one_of(rooms_), lost);
    come_and_go_elsewhere(lost);
}

// Another device of somebody's changes an earlier message, or how far a room is read.
void world::change_elsewhere(const std::string& room, bool lost) {
    if (!ledger_.has_room(room)) return;
    const auto& log = ledger_.log(room);
    // Often one that only an older page has.
    const std::uint64_t oldest = std::min<std::uint64_t>(log.size(), chance(2) ? 30 : log.size());
    const std::uint64_t target = 1 + lot_() % oldest;
    const std::string nonce = "elsewhere-" + std::to_string(++lines_);
    const std::string author = log[target - 1].author;
    const chat::identity by = test::by(author), reader = test::by(one_of(accounts_));
    switch (lot_() % 7) {
        case 0: {
            const protocol::event shown = ledger_.shown(room, target);
            const auto* const message = protocol::as<protocol::message>(shown);
            if (!message || message->deleted) return;
            return ledger_.happen(
                test::edit(room, by, nonce, target, protocol::rev_of(shown), "edited " + nonce),
                lost);
        }
        case 1: return ledger_.happen(test::deletion(room, by, nonce, target), lost);
        case 2: return ledger_.happen(test::mark(room, reader, target));
        case 4:
            return ledger_.happen(
                chat::authored<protocol::set_draft>{
                    {.room = room, .text = chance(2) ? "elsewhere " + nonce : ""}, reader},
                lost);
        case 3: return ledger_.happen(test::pin(room, reader, nonce, target, !chance(3)), lost);
        default:
            // Two at once, so that their order matters to a page that was read before both.
            ledger_.happen(test::reaction(room, reader, nonce, target, star, !chance(3)), lost);
            return ledger_.happen(
                test::reaction(room, reader, nonce + "-more", target, heart, !chance(3)), lost);
    }
}

// Somebody opens a direct room of two to four there, closes one, or says something: that brings it
// back to everybody.
void world::come_and_go_elsewhere(bool lost) {
    const std::string user = one_of(accounts_);
    const std::string room = one_of(rooms_);
    switch (lot_() % 4) {
        case 0: {
            std::vector<std::string> others = accounts_;
            std::erase(others, user);
            std::shuffle(others.begin(), others.end(), lot_);
            others.resize(1 + lot_() % std::min<std::size_t>(3, others.size()));
            expect_direct_room(user, others);
            return ledger_.happen(test::open_direct(user, others));
        }
        case 1: return ledger_.happen(test::leave(room, test::by(user)), lost);
        case 2:
            opened_.insert({user, room});
            return ledger_.happen(test::join(room, test::by(user)), lost);
        default: return ledger_.say(room, user, "said elsewhere", lost);
    }
}

}  // namespace parley::simulation
