// Turns a call that answers later, on another thread, into one that returns.
#pragma once

#include <future>
#include <memory>
#include <utility>

namespace parley::test {

// `start` is given the function to answer with. The promise is shared: whoever answers may outlast
// whoever waits.
template <class Result, class Start>
Result wait_for(Start start) {
    auto promise = std::make_shared<std::promise<Result>>();
    start([promise](Result result) { promise->set_value(std::move(result)); });
    return promise->get_future().get();
}

}  // namespace parley::test
