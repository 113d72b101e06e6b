// A run that begins before end() and ends after it was cut by the end of a page: the rest is read.
#include "server/chat/feed.hpp"

#include "shared/ensure.hpp"

#include <algorithm>

namespace parley::chat {

void feed::begin(std::uint64_t end) {
    ensure(!begun() && early_.empty());
    end_ = heard_ = end;
}

void feed::stop() {
    // What a page that is being read would have repaired is in doubt again.
    doubted_ = doubted_ || reading_;
    end_.reset();
    reading_ = false;
    early_.clear();
}

bool feed::hear(const run& heard) {
    if (!begun()) return true;
    heard_ = std::max(heard_, heard->last);
    const bool passes = heard->first == *end_ + 1;
    if (passes)
        end_ = heard->last;
    else if (heard->first > *end_ + 1 && early_.size() < early_runs_max)
        early_.push_back(heard);
    if (passes && !early_.empty()) drop_late();
    if constexpr (invariants_are_checked) check_invariants();
    return passes;
}

feed::run feed::next() {
    const auto found = std::find_if(early_.begin(), early_.end(),
                                    [this](const run& waits) { return waits->first == *end_ + 1; });
    if (found == early_.end()) return nullptr;
    run passes = *found;
    end_ = passes->last;
    drop_late();
    if constexpr (invariants_are_checked) check_invariants();
    return passes;
}

void feed::drop_late() {
    std::erase_if(early_, [this](const run& waits) { return waits->last <= *end_; });
}

void feed::reading_began() {
    ensure(must_read());
    reading_ = true;
    doubted_ = false;
}

void feed::page_read(std::uint64_t top) {
    reading_ = false;
    heard_ = std::max(heard_, top);
}

void feed::reading_failed() {
    reading_ = false;
    doubted_ = true;
}

void feed::skip_to(std::uint64_t top) {
    ensure(begun());
    end_ = heard_ = std::max({heard_, top, *end_});
    early_.clear();
}

void feed::check_invariants() const {
    if (!begun()) {
        ensure(early_.empty() && !reading_);
        return;
    }
    ensure(early_.size() <= early_runs_max);  // 2
    for (const run& waits : early_) ensure(waits->last > *end_);
    ensure(heard_ >= *end_ && (early_.empty() || heard_ > *end_));  // 3
}

}  // namespace parley::chat
