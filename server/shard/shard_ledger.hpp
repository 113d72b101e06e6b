// The ledger as a shard sees it: commands of one turn of its loop go out together at the end of the
// turn, and answers come back on the shard's thread, through its mailbox. One thread: the shard's.
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

// Messages of one shard since its start: sent to the ledger, and answered by it.
struct message_flow {
    std::uint64_t submitted = 0;
    std::uint64_t answered = 0;
};

class shard_ledger final : public chat::ledger {
public:
    // REQUIRES: outlives whatever runs on the loop.
    shard_ledger(boost::asio::io_context& loop, chat::ledger& shared, std::shared_ptr<mailbox> door)
        : loop_(loop), ledger_(shared), door_(std::move(door)) {}

    void submit(chat::command command, std::function<void(chat::outcome)> done) override;
    void look_up(chat::query query, std::function<void(chat::any_answer)> done) override;

    // `act` is called on the shard's thread for each room that was created here and is on disk.
    using room_opened = std::function<void(const chat::authored<protocol::create_room>&)>;
    void when_room_opened(room_opened act) { room_opened_ = std::move(act); }

    const message_flow& messages() const { return messages_; }

private:
    template <class Result>
    std::function<void(Result)> on_shard(std::function<void(Result)> done);
    std::function<void(chat::outcome)> count(std::function<void(chat::outcome)> done);
    std::function<void(chat::outcome)> announce(const chat::authored<protocol::create_room>& room,
                                                std::function<void(chat::outcome)> done);

    boost::asio::io_context& loop_;
    chat::ledger& ledger_;
    std::shared_ptr<mailbox> door_;
    message_flow messages_;
    room_opened room_opened_ = [](const chat::authored<protocol::create_room>&) {};
    // Of this turn. Limited by what connections may have in flight.
    std::vector<chat::submission> gathered_;
};

}  // namespace parley::shard
