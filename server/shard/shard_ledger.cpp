// Commands of one turn share a transaction. Sent one by one, the first would be committed alone,
// and the others would wait for its disk write.
#include "server/shard/shard_ledger.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace parley::shard {

template <class Result>
std::function<void(Result)> shard_ledger::on_shard(std::function<void(Result)> done) {
    return [door = door_, done = std::move(done)](Result result) {
        door->post([done, result = std::move(result)]() mutable { done(std::move(result)); });
    };
}

void shard_ledger::submit(chat::command command, std::function<void(chat::outcome)> done) {
    if (std::holds_alternative<chat::authored<protocol::send>>(command))
        done = count(std::move(done));
    if (const auto* room = std::get_if<chat::authored<protocol::create_room>>(&command))
        done = announce(*room, std::move(done));
    gathered_.push_back({std::move(command), on_shard<chat::outcome>(std::move(done))});
    if (gathered_.size() > 1) return;
    // Behind everything that is ready to be read now.
    boost::asio::post(loop_, [this] { ledger_.submit_all(std::exchange(gathered_, {})); });
}

std::function<void(chat::outcome)> shard_ledger::count(std::function<void(chat::outcome)> done) {
    ++messages_.submitted;
    return [this, done = std::move(done)](chat::outcome outcome) {
        ++messages_.answered;
        done(std::move(outcome));
    };
}

std::function<void(chat::outcome)> shard_ledger::announce(
    const chat::authored<protocol::create_room>& room, std::function<void(chat::outcome)> done) {
    return [this, room, done = std::move(done)](chat::outcome outcome) {
        if (std::holds_alternative<chat::receipt>(outcome)) room_opened_(room);
        done(std::move(outcome));
    };
}

void shard_ledger::look_up(chat::query query, std::function<void(chat::any_answer)> done) {
    ledger_.look_up(std::move(query), on_shard<chat::any_answer>(std::move(done)));
}

}  // namespace parley::shard
