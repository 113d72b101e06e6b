// What came in during a turn shares a transaction: sent one by one, the first would be committed
// alone while the others wait for its disk.
#include "server/shard/shard_ledger.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace parley::shard {

template <class Result>
std::function<void(Result)> shard_ledger::bring_home(std::function<void(Result)> done) {
    return [door = door_, done = std::move(done)](Result result) {
        door->post([done, result = std::move(result)]() mutable { done(std::move(result)); });
    };
}

void shard_ledger::submit(chat::command what, std::function<void(chat::outcome)> done) {
    if (std::holds_alternative<chat::append>(what)) done = count(std::move(done));
    if (const auto* room = std::get_if<chat::open_room>(&what))
        done = announce(*room, std::move(done));
    gathered_.push_back({std::move(what), bring_home<chat::outcome>(std::move(done))});
    if (gathered_.size() > 1) return;
    // Behind all that is ready to be read now.
    boost::asio::post(loop_, [this] { log_.submit_all(std::exchange(gathered_, {})); });
}

std::function<void(chat::outcome)> shard_ledger::count(std::function<void(chat::outcome)> done) {
    ++messages_.asked;
    return [this, done = std::move(done)](chat::outcome became) {
        ++messages_.answered;
        done(std::move(became));
    };
}

std::function<void(chat::outcome)> shard_ledger::announce(const chat::open_room& room,
                                                          std::function<void(chat::outcome)> done) {
    return [this, room, done = std::move(done)](chat::outcome became) {
        if (std::holds_alternative<chat::receipt>(became)) room_opened_(room);
        done(std::move(became));
    };
}

void shard_ledger::ask(chat::query what, std::function<void(chat::answer)> done) {
    log_.ask(std::move(what), bring_home<chat::answer>(std::move(done)));
}

}  // namespace parley::shard
