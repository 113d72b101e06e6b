// Numbers that one thread writes and any may read: relaxed atomics that cost a plain add.
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

// What is so now.
class gauge {
public:
    void set(std::uint64_t level) { value_.store(level, std::memory_order_relaxed); }
    std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

// The largest since the start.
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

// How many were at most each bound and more than the one before; then the rest. Bounds ascend.
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

// How /metrics shows a counter. A struct of counters lists them in `shown()`, and that is all: they
// are summed over those who have the struct.
template <class Owner>
struct shown_counter {
    counter Owner::*which;
    std::string_view name, help;
};

}  // namespace parley::base
