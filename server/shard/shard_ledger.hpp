// The ledger as a shard sees it: what is asked for during a turn of its loop goes out together at
// the turn's end, and answers come back on the shard's thread, through its mailbox. One thread: the
// shard's.
#pragma once

#include "server/chat/ledger.hpp"
#include "server/shard/mailbox.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace parley::shard {

// What was said on one shard, since its start.
struct message_flow {
    std::uint64_t asked = 0;
    std::uint64_t answered = 0;
};

class shard_ledger final : public chat::ledger {
public:
    // REQUIRES: outlives whatever runs on the loop.
    shard_ledger(boost::asio::io_context& loop, chat::ledger& log, std::shared_ptr<mailbox> door)
        : loop_(loop), log_(log), door_(std::move(door)) {}

    void submit(chat::command what, std::function<void(chat::outcome)> done) override;
    void ask(chat::query what, std::function<void(chat::answer)> done) override;

    // Called once a public room is kept that was asked for here, on the shard's thread.
    using room_opened = std::function<void(const chat::open_room&)>;
    void when_room_opened(room_opened act) { room_opened_ = std::move(act); }

    const message_flow& messages() const { return messages_; }

private:
    template <class Result>
    std::function<void(Result)> bring_home(std::function<void(Result)> done);
    std::function<void(chat::outcome)> count(std::function<void(chat::outcome)> done);
    std::function<void(chat::outcome)> announce(const chat::open_room& room,
                                                std::function<void(chat::outcome)> done);

    boost::asio::io_context& loop_;
    chat::ledger& log_;
    std::shared_ptr<mailbox> door_;
    message_flow messages_;
    room_opened room_opened_ = [](const chat::open_room&) {};
    std::vector<chat::submission>
        gathered_;  // in this turn; bounded by what connections may have in flight
};

}  // namespace parley::shard
