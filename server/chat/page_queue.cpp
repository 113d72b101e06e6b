// An answer that comes within the call is followed by the loop below, not by a call within a call.
#include "server/chat/page_queue.hpp"

#include <utility>

namespace parley::chat {

void page_queue::look_up(query what, std::weak_ptr<const void> reader,
                         std::function<void(any_answer)> done) {
    waiting_.push_back({std::move(what), std::move(reader), std::move(done)});
    ask_next();
}

void page_queue::ask_next() {
    if (std::exchange(asking_, true)) return;
    while (!waiting_.empty() && under_way_ < under_way_max_) {
        auto next = std::move(waiting_.front());
        waiting_.pop_front();
        if (next.reader.expired()) continue;
        ++under_way_;
        log_.look_up(std::move(next.what),
                     [here = std::weak_ptr(self_), done = std::move(next.done)](any_answer found) {
                         if (const auto self = here.lock())
                             (*self)->answered(done, std::move(found));
                     });
    }
    asking_ = false;
}

void page_queue::answered(const std::function<void(any_answer)>& done, any_answer found) {
    --under_way_;
    done(std::move(found));
    ask_next();
}

}  // namespace parley::chat
