// What was compressed. Frames that do not become shorter are not counted.
#pragma once

#include "server/base/counter.hpp"

namespace parley::wire {

struct deflate_counters {
    base::counter frames;
    base::counter bytes_before;
    base::counter bytes_after;
};

}  // namespace parley::wire
