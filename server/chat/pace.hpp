// A token bucket (burst, then so many a second), in thousandths of a token so that no fraction is lost.
#pragma once

#include "server/chat/identity.hpp"

#include <algorithm>
#include <cstdint>

namespace parley::chat {

class pace {
public:
    // Either number 0: no limit.
    pace(std::uint64_t burst, std::uint64_t per_second)
        : burst_(burst * 1000), per_second_(per_second), milli_(burst_) {}

    // Takes a token and returns 0, or returns how many milliseconds until there is one. `now` may repeat.
    std::uint64_t take(time_ms now) {
        if (burst_ == 0 || per_second_ == 0) return 0;
        milli_ = at(now);
        last_ = std::max(last_, now);
        if (milli_ >= 1000) return milli_ -= 1000, 0;
        return (1000 - milli_ + per_second_ - 1) / per_second_;
    }

    bool full(time_ms now) const { return at(now) == burst_; }

private:
    std::uint64_t at(time_ms now) const {
        const time_ms passed = now > last_ ? std::min<time_ms>(now - last_, 3'600'000) : 0;
        return std::min(burst_, milli_ + passed * per_second_);
    }

    std::uint64_t burst_;
    std::uint64_t per_second_;
    std::uint64_t milli_;
    time_ms last_ = 0;
};

}  // namespace parley::chat
