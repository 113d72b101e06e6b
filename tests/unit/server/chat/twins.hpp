// Twins of the ports for tests of pure code: a ledger that is a map and answers when it is told to, a bus that is a
// list, a peer that remembers what it was sent.
#pragma once

#include "server/chat/hub.hpp"
#include "shared/protocol/codec.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace parley::tests {

struct listed_bus : chat::bus {
    std::vector<std::shared_ptr<const chat::hint>> hints;
    void publish(std::shared_ptr<const chat::hint> what) override { hints.push_back(std::move(what)); }
};

// Rooms are vectors of events. What is submitted or asked waits until `step`; receipts come before the hints.
class map_ledger : public chat::ledger {
public:
    explicit map_ledger(chat::bus& others) : bus_(others) {
        open("lobby", "parley");
        fresh_.clear();
    }

    void submit(chat::command what, std::function<void(chat::outcome)> done) override {
        waiting_.push_back([this, what = std::move(what), done = std::move(done)] { done(carry_out(what)); publish(); });
    }
    void ask(chat::query what, std::function<void(chat::answer)> done) override {
        waiting_.push_back([this, what = std::move(what), done = std::move(done)] { done(find(what)); });
    }

    // Does the oldest thing that waits.
    bool step() {
        if (waiting_.empty()) return false;
        auto next = std::move(waiting_.front());
        waiting_.pop_front();
        next();
        return true;
    }
    std::size_t waiting() const { return waiting_.size(); }

    // Commits a message as somebody elsewhere would; the hint is published unless it is to be lost.
    void say(const std::string& room, const std::string& author, const std::string& text, bool hint_lost = false) {
        add(room, {0, 1000, author, std::string(protocol::event_kind::message), text, {}, {}});
        if (hint_lost) fresh_.clear();
        publish();
    }

    const std::vector<protocol::event>& log(const std::string& room) { return rooms_[room].events; }
    void set_epoch(const std::string& room, std::uint64_t epoch) { rooms_[room].epoch = epoch; }
    void join(const std::string& room, const std::string& user) { rooms_[room].members.insert(user); }

private:
    struct stored_room {
        std::uint64_t epoch = 1;
        std::vector<protocol::event> events;
        std::set<std::string> members;
    };

    static chat::refusal refused(protocol::error_code code) { return {code, "refused", "", 0}; }

    std::uint64_t add(const std::string& room, protocol::event one) {
        auto& stored = rooms_[room];
        one.seq = stored.events.size() + 1;
        stored.events.push_back(one);
        fresh_.push_back({room, stored.epoch, one});
        return one.seq;
    }
    void open(const std::string& room, const std::string& author) {
        add(room, {0, 1000, author, std::string(protocol::event_kind::created), room, {}, {}});
    }
    void publish() {
        if (fresh_.empty()) return;
        bus_.publish(std::make_shared<const chat::hint>(
            chat::events_committed{chat::make_broadcasts(std::exchange(fresh_, {}))}));
    }

    chat::outcome carry_out(const chat::command& what) {
        if (const auto* one = std::get_if<chat::append>(&what)) {
            if (!rooms_.count(one->room)) return refused(protocol::error_code::not_found);
            const auto seq = add(one->room, {0, 1000, one->author, std::string(protocol::event_kind::message), one->text,
                                             one->reply_to, one->nonce});
            return chat::receipt{seq, 1000, rooms_[one->room].epoch, seq, ""};
        }
        if (const auto* one = std::get_if<chat::open_room>(&what)) {
            if (rooms_.count(one->room)) return refused(protocol::error_code::conflict);
            open(one->room, one->author);
            return chat::receipt{1, 1000, 1, 1, ""};
        }
        if (const auto* one = std::get_if<chat::join_room>(&what)) {
            if (!rooms_.count(one->room)) return refused(protocol::error_code::not_found);
            join(one->room, one->user);
            const auto seq =
                add(one->room, {0, 1000, one->user, std::string(protocol::event_kind::joined), {}, {}, {}});
            return chat::receipt{seq, 1000, rooms_[one->room].epoch, seq, ""};
        }
        return chat::receipt{0, 0, 1, 0, ""};
    }

    chat::answer find(const chat::query& what) {
        if (const auto* one = std::get_if<chat::read_page>(&what)) return read(*one);
        if (const auto* one = std::get_if<chat::read_rooms>(&what)) return list(*one);
        return refused(protocol::error_code::internal);
    }

    chat::answer read(const chat::read_page& wanted) {
        using where = chat::read_page::direction;
        const auto found = rooms_.find(wanted.room);
        if (found == rooms_.end()) return refused(protocol::error_code::not_found);
        const auto& events = found->second.events;
        chat::page page{found->second.epoch, events.size(), {}, false};
        std::size_t first = events.size() - std::min<std::size_t>(events.size(), wanted.limit);
        if (wanted.where == where::after) first = std::min<std::size_t>(events.size(), wanted.seq);
        for (std::size_t i = first; i < events.size() && page.events.size() < wanted.limit; ++i)
            page.events.push_back(events[i]);
        return page;
    }

    chat::answer list(const chat::read_rooms& wanted) {
        chat::room_list found;
        for (const auto& [name, stored] : rooms_) {
            const bool joined = stored.members.count(wanted.user) > 0;
            const bool also = std::find(wanted.also.begin(), wanted.also.end(), name) != wanted.also.end();
            if (joined || also)
                found.rooms.push_back({name, name, stored.epoch, stored.events.size(), 0, joined, false, {}});
        }
        return found;
    }

    chat::bus& bus_;
    std::map<std::string, stored_room> rooms_;
    std::vector<chat::committed> fresh_;
    std::deque<std::function<void()>> waiting_;
};

// Splits what was pushed into the payloads of WebSocket frames.
struct recording_peer : chat::peer {
    std::vector<std::string> received;
    std::size_t queued = 0;
    std::uint16_t closed_with = 0;

    void answer(std::string_view text) override { received.emplace_back(text); }
    void push(chat::shared_frame frames) override {
        std::string_view rest = *frames;
        while (!rest.empty()) {
            const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(rest[i])); };
            std::size_t header = 2, size = byte(1);
            if (size == 126) header = 4, size = byte(2) << 8 | byte(3);
            received.emplace_back(rest.substr(header, size));
            rest.remove_prefix(header + size);
        }
    }
    std::size_t queued_bytes() const override { return queued; }
    void close(protocol::close_code code, std::string_view) override { closed_with = static_cast<std::uint16_t>(code); }
};

// A shard without a thread: a hub, its ledger and bus, and the clock that the test turns.
struct quiet_shard {
    listed_bus bus;
    map_ledger ledger{bus};
    chat::hub hub;
    chat::time_ms now = 1'000'000;

    explicit quiet_shard(chat::settings how = {}) : hub(ledger, bus, how, 0) {}

    // Everything that waits happens: commands, answers, hints.
    void settle() {
        do {
            tell();
        } while (ledger.step());
        tell();
    }
    // What is on the bus reaches the hub.
    void tell() {
        while (!bus.hints.empty()) {
            const auto hints = std::exchange(bus.hints, {});
            for (const auto& one : hints) hub.receive(*one);
        }
    }
};

}  // namespace parley::tests
