// The ledger as a shard sees it: answers come back on the shard's thread, through its mailbox.
#pragma once

#include "server/chat/ledger.hpp"
#include "server/shard/mailbox.hpp"

#include <memory>

namespace parley::shard {

class shard_ledger final : public chat::ledger {
public:
    shard_ledger(chat::ledger& log, std::shared_ptr<mailbox> door) : log_(log), door_(std::move(door)) {}

    void submit(chat::command what, std::function<void(chat::outcome)> done) override {
        log_.submit(std::move(what), bring_home<chat::outcome>(std::move(done)));
    }
    void ask(chat::query what, std::function<void(chat::answer)> done) override {
        log_.ask(std::move(what), bring_home<chat::answer>(std::move(done)));
    }

private:
    template <class Result>
    std::function<void(Result)> bring_home(std::function<void(Result)> done) {
        return [door = door_, done = std::move(done)](Result result) {
            door->post([done, result = std::move(result)]() mutable { done(std::move(result)); });
        };
    }

    chat::ledger& log_;
    std::shared_ptr<mailbox> door_;
};

}  // namespace parley::shard
