// A bounded queue with a lane for each source. Lanes take turns, so a flood in one delays each
// other lane by one piece of work at a time. Pure; one thread.
#pragma once

#include "shared/ensure.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <utility>

namespace parley::auth {

template <class Work>
class fair_queue {
public:
    // At most `size_max` pieces wait, in all lanes together.
    explicit fair_queue(std::size_t size_max) : size_max_(size_max) {}

    // Adds the work to its lane. When the queue is full, the longest lane of strangers loses its
    // newest work: always to a known source, and to a stranger whose lane stays shorter. Example:
    // 64 pieces of one stranger wait; the first of another replaces the 64th. Returns the work that
    // is not in the queue: none, the displaced one, or `work` itself.
    std::optional<Work> add(const std::string& name, Work work, bool known = false) {
        std::optional<Work> displaced;
        if (size_ == size_max_) {
            const auto longest = longest_of_strangers();
            if (longest == lanes_.end()) return work;
            if (!known && longest->work.size() <= length_of(name) + 1) return work;
            displaced = std::move(longest->work.back());
            longest->work.pop_back();
            if (longest->work.empty()) lanes_.erase(longest);
            --size_;
        }
        lane& own = lane_named(name);
        own.known = known;
        own.work.push_back(std::move(work));
        ++size_;
        return displaced;
    }

    // The oldest work of the lane whose turn it is. Every second turn is a known lane's, so known
    // sources wait for little of the strangers' work. REQUIRES: !empty().
    Work take() {
        ensure(!empty());
        const auto turn = next_lane();
        lane first = std::move(*turn);
        lanes_.erase(turn);
        Work work = std::move(first.work.front());
        first.work.pop_front();
        --size_;
        if (!first.work.empty()) lanes_.push_back(std::move(first));
        return work;
    }

    bool empty() const { return size_ == 0; }
    std::size_t size() const { return size_; }

private:
    struct lane {
        std::string name;
        std::deque<Work> work;  // never empty
        bool known = false;     // it loses no work to strangers
    };

    auto longest_of_strangers() {
        const auto length = [](const lane& other) { return other.known ? 0 : other.work.size(); };
        const auto longest =
            std::max_element(lanes_.begin(), lanes_.end(),
                             [&](const lane& a, const lane& b) { return length(a) < length(b); });
        return longest == lanes_.end() || longest->known ? lanes_.end() : longest;
    }

    auto next_lane() {
        known_turn_ = !known_turn_;
        if (!known_turn_) return lanes_.begin();
        const auto known = std::find_if(lanes_.begin(), lanes_.end(),
                                        [](const lane& other) { return other.known; });
        return known == lanes_.end() ? lanes_.begin() : known;
    }
    auto find(const std::string& name) {
        return std::find_if(lanes_.begin(), lanes_.end(),
                            [&](const lane& other) { return other.name == name; });
    }
    std::size_t length_of(const std::string& name) {
        const auto found = find(name);
        return found == lanes_.end() ? 0 : found->work.size();
    }
    lane& lane_named(const std::string& name) {
        const auto found = find(name);
        return found == lanes_.end() ? lanes_.emplace_back(lane{.name = name, .work = {}}) : *found;
    }

    const std::size_t size_max_;
    std::size_t size_ = 0;
    bool known_turn_ = false;
    std::deque<lane> lanes_;  // in the order of their turns
};

}  // namespace parley::auth
