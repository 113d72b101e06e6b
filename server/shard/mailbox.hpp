// The only door between shards: other threads put functions in, the shard runs them in batches.
#pragma once

#include <boost/asio/io_context.hpp>

#include <functional>
#include <mutex>
#include <vector>

namespace parley::shard {

class mailbox {
public:
    using letter = std::function<void()>;

    explicit mailbox(boost::asio::io_context& loop) : loop_(loop) {}

    // Any thread. Letters run on the shard's thread, in the order in which they were put in.
    void post(letter what);

    // The loop has ended: what is inside and whatever comes is thrown away. Any thread.
    void close();

private:
    void drain();

    boost::asio::io_context& loop_;  // not touched once closed
    std::mutex mutex_;
    std::vector<letter> letters_;  // guarded by mutex_
    bool closed_ = false;          // guarded by mutex_
};

}  // namespace parley::shard
