// Threads that answer queries, each with a connection of its own that cannot write. What they see
// is committed, and one moment for all of a query.
#pragma once

#include "server/base/mutex.hpp"
#include "server/chat/ledger.hpp"
#include "server/storage/database.hpp"

#include <deque>
#include <functional>
#include <thread>
#include <vector>

namespace parley::storage {

inline constexpr std::size_t waiting_queries_max = 4'096;
inline constexpr std::uint64_t query_retry_ms = 500;

struct question {
    std::function<chat::any_answer(database&)> look_up;
    std::function<void(chat::any_answer)> done;
};

class reader_pool {
public:
    // One thread for each connection.
    explicit reader_pool(std::vector<database> connections);

    ~reader_pool() { end(); }

    // Answers what is being looked up, and refuses what waits and what still comes.
    void end();

    // Any thread, never waits. Beyond the limit `done` hears `busy` before this returns.
    void ask(question what);
    std::size_t waiting() const;

private:
    void run(database db);
    bool take(question& next);

    mutable base::mutex mutex_;
    base::condition question_came_;
    std::deque<question> waiting_ GUARDED_BY(mutex_);
    bool ending_ GUARDED_BY(mutex_) = false;

    std::vector<std::thread> threads_;  // last: they use all of the above
};

}  // namespace parley::storage
