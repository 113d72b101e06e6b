// Counters that one thread writes and any thread may read. They are relaxed atomics, as cheap as a
// plain add.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace parley::base {

class counter {
public:
    void add(std::uint64_t n = 1) {
        value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
    }
    std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

// A current value.
class gauge {
public:
    void set(std::uint64_t level) { value_.store(level, std::memory_order_relaxed); }
    std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

// The largest value since the start.
class high_water_mark {
public:
    void reach(std::uint64_t level) {
        if (level > value_.load(std::memory_order_relaxed))
            value_.store(level, std::memory_order_relaxed);
    }
    std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

// Counts values up to each bound and above the one before; then the rest. Bounds ascend.
template <std::size_t Bounds>
class histogram {
public:
    explicit histogram(const std::array<std::uint64_t, Bounds>& bounds) : bounds_(bounds) {}

    void add(std::uint64_t value) {
        std::size_t slot = 0;
        while (slot < Bounds && value > bounds_[slot]) ++slot;
        counts_[slot].add();
        sum_.add(value);
    }
    const std::array<std::uint64_t, Bounds>& bounds() const { return bounds_; }
    std::uint64_t count(std::size_t slot) const { return counts_[slot].value(); }
    std::uint64_t sum() const { return sum_.value(); }

private:
    const std::array<std::uint64_t, Bounds> bounds_;
    std::array<counter, Bounds + 1> counts_;
    counter sum_;
};

// How /metrics shows a counter. A struct of counters lists them in `shown()`; nothing else is
// needed. /metrics sums them over all structs of the type.
template <class Owner>
struct shown_counter {
    counter Owner::*member;
    std::string_view name, help;
};

}  // namespace parley::base
