// The ledger's twin for tests of pure code: a map, with the rules of the port, that works when it
// is told to. What it committed stays through a crash; what waited, and answers on their way, are
// lost.
#pragma once

#include "server/chat/announcer.hpp"
#include "server/chat/ledger.hpp"

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace parley::simulation {

class map_ledger final : public chat::ledger {
public:
    // A `lobby` is there from the start.
    explicit map_ledger(chat::bus& others);

    void submit(chat::command what, std::function<void(chat::outcome)> done) override;
    void ask(chat::query what, std::function<void(chat::answer)> done) override;

    // One step of work: commits the oldest `group` requests together, or delivers the answers of
    // the oldest group and then its hint. False: nothing to do.
    bool step(std::size_t group = 1);
    bool answer_oldest();
    std::size_t waiting() const { return waiting_.size(); }
    bool idle() const { return waiting_.empty() && done_.empty(); }
    void crash();

    // Asked before each request; true: it is refused with `busy`.
    std::function<bool()> refuses;

    // Commits a message as somebody elsewhere would; its hint is published, or lost.
    void say(const std::string& room, const std::string& author, const std::string& text,
             bool hint_lost = false);

    const std::vector<protocol::event>& log(const std::string& room) const {
        return rooms_.at(room).events;
    }
    std::uint64_t read_by(const std::string& room, const std::string& user) const;
    void join(const std::string& room, const std::string& user) {
        rooms_.at(room).read_by.try_emplace(user, 0);
    }

private:
    struct stored_room {
        std::uint64_t epoch = 1;
        std::vector<protocol::event> events;
        std::map<std::string, std::uint64_t> read_by;  // members
    };

    std::uint64_t add(const std::string& room, std::string_view kind, const std::string& author,
                      const std::string& text, const std::string& nonce,
                      std::optional<std::uint64_t> reply_to = {});
    static protocol::room_summary summary_of(const std::string& name, const stored_room& stored,
                                             const std::string& user);
    chat::receipt receipt_of(const std::string& room, std::uint64_t seq) const;

    chat::outcome carry_out(const chat::append& what);
    chat::outcome carry_out(const chat::open_room& what);
    chat::outcome carry_out(const chat::join_room& what);
    chat::outcome carry_out(const chat::leave_room& what);
    chat::outcome carry_out(const chat::mark_read& what);
    template <class Other>
    chat::outcome carry_out(const Other&) {
        return chat::receipt{0, 0, 1, 0, ""};
    }

    chat::answer find(const chat::read_page& wanted) const;
    chat::answer find(const chat::read_rooms& wanted) const;
    chat::answer find(const chat::read_public_rooms& wanted) const;
    template <class Other>
    chat::answer find(const Other&) const {
        return chat::refusal{protocol::error_code::internal, "not in this twin", "", 0};
    }

    struct unbatched final : chat::delivery_batches {
        void begin() override {}
        void end() override {}
    } batches_;
    chat::announcer announcer_;
    std::map<std::string, stored_room> rooms_;
    std::map<std::pair<std::string, std::string>, std::pair<std::string, std::uint64_t>>
        nonces_;  // -> room, seq
    std::vector<chat::committed_event> fresh_;
    using answering = std::function<void()>;
    std::deque<std::function<answering()>> waiting_;
    std::deque<answering> done_;
};

}  // namespace parley::simulation
