// The only door between shards: other threads put functions in, the shard runs them in batches.
#pragma once

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <functional>
#include <mutex>
#include <vector>

namespace parley::shard {

// Some seconds of a busy server; a shard that is further behind reads from the ledger instead.
inline constexpr std::size_t waiting_offers_max = 4096;

class mailbox {
public:
    using letter = std::function<void()>;

    explicit mailbox(boost::asio::io_context& loop, std::size_t offers_max = waiting_offers_max)
        : loop_(loop), offers_max_(offers_max) {}

    // What runs after a batch when offers were refused since the one before. REQUIRES: nothing was
    // put in yet.
    void when_refused(letter what) { when_refused_ = std::move(what); }

    // Any thread. Letters run on the shard's thread, in the order in which they were put in. What
    // is posted is answered for: by requests in flight, connections and sessions, each of which has
    // its limit.
    void post(letter what);

    // The same for what may be lost: false, and it is thrown away, while too many offers wait.
    bool offer(letter what);

    // Between the two, letters wait: whoever puts in several has them run in one batch. Any thread;
    // as often let go as held.
    void begin_batch();
    void end_batch();

    // Letters inside. Any thread.
    std::size_t waiting() const;

    // The loop has ended: what is inside and whatever comes is thrown away. Any thread.
    void close();

private:
    bool put(letter what);
    bool must_wake();
    void wake();
    void drain();

    boost::asio::io_context& loop_;
    const std::size_t offers_max_;
    letter when_refused_;
    mutable std::mutex mutex_;     // guards what follows
    std::vector<letter> letters_;  // posted and offered
    std::size_t offers_ = 0;       // among them
    bool refused_ = false;         // since the last batch
    std::size_t batches_ = 0;
    bool awake_ = false;  // drain() comes
    std::mutex waking_;   // held while the loop is touched, so that one that wakes at once need not
                          // wait for mutex_
    bool closed_ = false;  // written under both: with either it can be read
};

}  // namespace parley::shard
