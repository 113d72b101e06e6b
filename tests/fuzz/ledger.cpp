// The SQLite ledger beside its twin, the map of the simulation: a script of commands in groups,
// queries and restarts gives both the same answers and the same log; seq is contiguous, a nonce
// stands once, and what is announced as committed is what the log holds.
#include "shared/protocol/vocabulary.hpp"
#include "tests/commands.hpp"
#include "tests/direct_rooms.hpp"
#include "tests/fuzz/script.hpp"
#include "tests/fuzz/twins.hpp"

#include <spdlog/spdlog.h>

#include <array>
#include <cstdint>
#include <string>

using namespace parley;
using fuzz::accounts, fuzz::rooms, fuzz::twins;
using test::by;

namespace {

constexpr std::size_t moves_max = 100;
constexpr std::size_t restarts_max = 3;
constexpr std::uint64_t first_seq = 1'795'132'800'000;  // of a log: the twins' clock

const std::string& person(fuzz::script& input) { return accounts[input.byte() % accounts.size()]; }
const std::string& public_room(fuzz::script& input) { return rooms[input.byte() % 4]; }
const std::string& direct_room(fuzz::script& input) { return rooms[4 + input.byte() % 4]; }
const std::string& any_room(fuzz::script& input) { return rooms[input.byte() % rooms.size()]; }

std::string text(fuzz::script& input) {
    const std::string some(input.text(input.byte() % 32));
    return protocol::obeys(protocol::message_text, some) ? some : "hello";
}

auto message(fuzz::script& input, const std::string& room, std::string_view nonces) {
    const std::string& author = person(input);
    const auto nonce = input.byte(), reply = input.byte();
    return test::send(room, by(author), std::string(nonces) + std::to_string(nonce % 8),
                      text(input),
                      reply < 192 ? std::nullopt : std::optional<std::uint64_t>(reply - 192));
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

// The first 32 events of a room, of which some are messages.
std::uint64_t target(fuzz::script& input) { return input.byte() % 32u; }

std::string change_nonce(fuzz::script& input) { return "n" + std::to_string(input.byte() % 16); }

auto edit(fuzz::script& input) {
    const std::string& room = any_room(input);
    const std::string& author = person(input);
    const std::string nonce = change_nonce(input);
    const auto message = target(input), base = target(input);
    return test::edit(room, by(author), nonce, message, base > 0 ? base : message, text(input));
}

auto deletion(fuzz::script& input) {
    const std::string& room = any_room(input);
    const std::string& author = person(input);
    const std::string nonce = change_nonce(input);
    const auto message = target(input);
    const bool has_reason = (input.byte() & 1) != 0;
    return test::deletion(room, by(author), nonce, message,
                          has_reason ? std::optional<std::string>("posted twice") : std::nullopt);
}

auto reaction(fuzz::script& input) {
    constexpr std::array emoji{"👍", "❤", "❤️", "🎉", "no emoji"};
    const std::string& room = any_room(input);
    const std::string& author = person(input);
    const std::string nonce = change_nonce(input);
    const auto message = target(input), kind = input.byte() % emoji.size();
    const auto flags = input.byte();
    return test::reaction(room, flags & 2 ? test::passer_by(author) : by(author), nonce, message,
                          emoji[kind], (flags & 1) == 0);
}

chat::read_versions versions(fuzz::script& input) {
    const std::string& room = any_room(input);
    const std::string& user = person(input);
    return {.room = room, .by = by(user), .target = target(input)};
}

// Of few keys, so that records meet.
template <class Request>
chat::authored<Request> of_person(fuzz::script& input, Request request) {
    return {std::move(request), by(person(input))};
}
chat::command record(fuzz::script& input) {
    const std::string& room = any_room(input);
    const auto flags = input.byte();
    const bool on = (flags & 1) == 0;
    switch (flags % 10 / 2) {
        case 0: return of_person(input, protocol::set_star{.room = room, .on = on});
        case 1:
            return of_person(input,
                             protocol::set_level{.room = room, .level = on ? "none" : "all"});
        case 2: return of_person(input, protocol::set_draft{.room = room, .text = text(input)});
        case 3:
            return of_person(input,
                             protocol::change_setting{.name = "theme", .value = on ? "dark" : ""});
        default:
            return of_person(
                input, protocol::save{.room = room, .target = target(input), .on = on, .note = {}});
    }
}

// What a device lacks that came so far with the log.
chat::read_rooms list(fuzz::script& input) {
    const auto held = input.byte();
    return {
        .by = by(person(input)),
        .also = {public_room(input), direct_room(input), "nowhere"},
        .since = held < 128 ? std::nullopt : std::optional<std::uint64_t>(first_seq + held - 128)};
}

void move(fuzz::script& input, twins& both, std::size_t& restarts) {
    switch (input.byte() % 23) {
        case 0:
        case 1: return both.submit(message(input, public_room(input), "n"));
        case 2: {
            const std::string& room = public_room(input);
            const std::string& author = person(input);
            const auto flags = input.byte();
            return both.submit(test::create_room(room, flags & 2 ? "Title" : "Other",
                                                 flags & 1 ? test::passer_by(author) : by(author)));
        }
        case 3: return both.submit(test::join(public_room(input), by(person(input))));
        case 4: return both.submit(test::leave(public_room(input), by(person(input))));
        case 5:
            return both.submit(
                test::mark(public_room(input), by(person(input)), input.byte() % 32u));
        case 6: return both.settle();
        case 7: return both.ask(page(input));
        case 13: return both.ask(run(input));
        case 14: return both.ask(chat::read_counts{by(person(input)), {"a", "lobby", "nowhere"}});
        case 17: return both.submit(edit(input));
        case 18: return both.submit(deletion(input));
        case 19: return both.submit(reaction(input));
        case 20: return both.ask(versions(input));
        case 21: {
            const std::string& room = any_room(input);
            const std::string& author = person(input);
            const std::string nonce = change_nonce(input);
            const auto message = target(input);
            return both.submit(
                test::pin(room, by(author), nonce, message, (input.byte() & 1) == 0));
        }
        case 8: return both.ask(list(input));
        case 9: return input.byte() & 1 ? both.add_guest() : both.end_guest();
        case 10: {
            std::vector<std::string> others;
            for (auto count = input.byte() % 3; count > 0; --count) others.push_back(person(input));
            return both.submit(test::open_direct(person(input), others));
        }
        case 11: return both.submit(message(input, direct_room(input), "d"));
        case 15: return both.submit(test::join(direct_room(input), by(person(input))));
        case 16: return both.submit(test::leave(direct_room(input), by(person(input))));
        case 22: return both.submit(record(input));
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
