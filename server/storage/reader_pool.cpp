// Many readers beside one writer: what SQLite's write-ahead log is for (sqlite.org/wal.html).
#include "server/storage/reader_pool.hpp"

#include "server/log/log.hpp"

#include <utility>

namespace parley::storage {
namespace {

chat::refusal refused(const std::string& why) {
    return {protocol::error_code::busy, why, "", query_retry_ms};
}

chat::any_answer answer_to(const question& what, database& db) try {
    db.run("BEGIN");
    chat::any_answer answer = what.look_up(db);
    db.run("COMMIT");
    return answer;
} catch (const std::exception& error) {
    log::error("storage: cannot read", {{"why", error.what()}});
    if (db.in_transaction())
        db.execute("ROLLBACK");  // of a transaction that only read: nothing that could fail
    return chat::refusal{protocol::error_code::internal, "the server could not read", "",
                         query_retry_ms};
}

}  // namespace

reader_pool::reader_pool(std::vector<database> connections) {
    for (database& db : connections)
        threads_.emplace_back([this, own = std::move(db)]() mutable { run(std::move(own)); });
}

void reader_pool::end() {
    std::deque<question> unheard;
    {
        const base::mutex_lock lock(mutex_);
        ending_ = true;
        unheard.swap(waiting_);
    }
    question_came_.notify_all();
    for (const question& each : unheard) each.done(refused("the server stops"));
    for (std::thread& thread : threads_)
        if (thread.joinable()) thread.join();
}

void reader_pool::ask(question what) {
    {
        const base::mutex_lock lock(mutex_);
        if (waiting_.size() < waiting_queries_max && !ending_) {
            waiting_.push_back(std::move(what));
            question_came_.notify_one();
            return;
        }
    }
    what.done(refused("too much waits to be read"));
}

void reader_pool::run(database db) {
    question next;
    while (take(next)) next.done(answer_to(next, db));
}

// False: the pool ends.
bool reader_pool::take(question& next) {
    const base::mutex_lock lock(mutex_);
    while (!ending_ && waiting_.empty()) question_came_.wait(mutex_);
    if (waiting_.empty()) return false;
    next = std::move(waiting_.front());
    waiting_.pop_front();
    return true;
}

std::size_t reader_pool::waiting() const {
    const base::mutex_lock lock(mutex_);
    return waiting_.size();
}

}  // namespace parley::storage
