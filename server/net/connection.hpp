// What every connection is to the connection set that owns it, whichever protocol it speaks.
#pragma once

#include "server/http/wire_kind.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace parley::net {

class connection : public std::enable_shared_from_this<connection> {
public:
    using clock = std::chrono::steady_clock;

    explicit connection(http::wire_kind kind) : kind_(kind) {}
    virtual ~connection() = default;

    // Once a second: deadlines and signs of life.
    virtual void tick(clock::time_point now) = 0;

    // The server stops: finish what is begun, then close.
    virtual void leave() = 0;

    // At once. The connection leaves the connection set soon after.
    virtual void drop() = 0;

private:
    friend class connection_set;
    const http::wire_kind kind_;
    std::size_t slot_ = 0;  // in the connection set's list
};

}  // namespace parley::net
