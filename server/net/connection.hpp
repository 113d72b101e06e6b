// What a set of connections knows of each one, whichever protocol it carries.
#pragma once

#include "server/chat/identity.hpp"
#include "server/http/wire_kind.hpp"

#include <cstddef>
#include <memory>

namespace parley::net {

class connection : public std::enable_shared_from_this<connection> {
public:
    explicit connection(http::wire_kind kind) : kind_(kind) {}
    virtual ~connection() = default;

    // Once a second: deadlines and signs of life.
    virtual void tick(base::steady_ms now) = 0;

    // The server stops: finish what has begun, then close.
    virtual void leave() = 0;

    // At once. The connection leaves its set soon after.
    virtual void drop() = 0;

private:
    friend class connection_set;
    const http::wire_kind kind_;
    std::size_t slot_ = 0;  // in the list of its set
};

}  // namespace parley::net
