// Waits of tests have an end, and say what they waited for.
#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace parley::test {

// Far longer than anything takes that a test waits for, also under a sanitizer.
inline constexpr auto wait_max = std::chrono::seconds(60);

[[noreturn]] inline void waited_in_vain(const std::string& what) {
    throw std::runtime_error("waited 60 s for " + what + ", in vain");
}

template <class Result>
Result within(std::future<Result> coming, const std::string& what) {
    if (coming.wait_for(wait_max) != std::future_status::ready) waited_in_vain(what);
    return coming.get();
}

// A future whose waits are of that kind.
template <class Result>
class awaited {
public:
    awaited(std::future<Result> coming) : coming_(std::move(coming)) {}
    Result get() { return within(std::move(coming_), "an answer"); }
    void wait() const {
        if (coming_.wait_for(wait_max) != std::future_status::ready) waited_in_vain("an answer");
    }

private:
    std::future<Result> coming_;
};

// Runs a loop of Asio until `done()`.
template <class Loop, class Condition>
void run_until(Loop& loop, const std::string& what, Condition done) {
    const auto end = std::chrono::steady_clock::now() + wait_max;
    if (loop.stopped()) loop.restart();
    while (!done()) {
        if (loop.run_one_until(end) > 0) continue;
        if (loop.stopped()) throw std::runtime_error("nothing is left that could bring " + what);
        waited_in_vain(what);
    }
}

// Until another thread has brought it about.
template <class Condition>
void yield_until(const std::string& what, Condition done) {
    const auto end = std::chrono::steady_clock::now() + wait_max;
    while (!done()) {
        if (std::chrono::steady_clock::now() > end) waited_in_vain(what);
        std::this_thread::yield();
    }
}

// Turns a call that answers later, on another thread, into one that returns. `start` is given the
// function to answer with. The promise is shared: whoever answers may outlast whoever waits.
template <class Result, class Start>
Result wait_for(Start start) {
    auto promise = std::make_shared<std::promise<Result>>();
    start([promise](Result result) { promise->set_value(std::move(result)); });
    return within(promise->get_future(), "an answer");
}

}  // namespace parley::test
