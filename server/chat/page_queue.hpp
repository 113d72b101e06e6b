// Pages of events, and lists of rooms, that one shard wants from the ledger: some are read at once,
// the others wait for their turn, so that what is under way is bounded however many ask. Each
// connection bounds its own.
//
// One thread: the shard's.
#pragma once

#include "server/chat/ledger.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <utility>

namespace parley::chat {

class page_queue {
public:
    // `under_way_max`: at least 1.
    page_queue(ledger& log, std::size_t under_way_max) : log_(log), under_way_max_(under_way_max) {}

    // Nothing is read for a reader that has gone when its turn comes.
    void look_up(query what, std::weak_ptr<const void> reader,
                 std::function<void(any_answer)> done);
    template <class Query, class Done>
    void ask(Query what, const std::weak_ptr<const void>& reader, Done done) {
        look_up(std::move(what), reader, [done = std::move(done)](any_answer found) mutable {
            done(narrow<Query>(std::move(found)));
        });
    }

    std::size_t waiting() const { return waiting_.size(); }

private:
    struct wanted {
        query what;
        std::weak_ptr<const void> reader;
        std::function<void(any_answer)> done;
    };
    void ask_next();
    void answered(const std::function<void(any_answer)>& done, any_answer found);

    ledger& log_;
    const std::size_t under_way_max_;
    std::size_t under_way_ = 0;
    bool asking_ = false;  // a ledger may answer within the call
    std::deque<wanted> waiting_;
    const std::shared_ptr<page_queue*> self_ = std::make_shared<page_queue*>(this);
};

}  // namespace parley::chat
