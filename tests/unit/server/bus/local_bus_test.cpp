// The bus of one process: every shard hears every hint, in order.
#include "server/bus/local_bus.hpp"

#include "tests/unit/catch.hpp"

#include <string>

using namespace parley;

namespace {

using heard = std::vector<std::shared_ptr<const chat::hint>>;

struct noting final : bus::local_bus::receiver {
    explicit noting(heard& into) : into_(into) {}
    void hear(std::shared_ptr<const chat::hint> what) override { into_.push_back(std::move(what)); }
    heard& into_;
};

struct rig {
    rig() {
        wire.attach(std::make_unique<noting>(first));
        wire.attach(std::make_unique<noting>(second));
    }
    bus::local_bus wire;
    heard first, second;
};

}  // namespace

TEST_CASE("every receiver gets every hint in order, and none is copied") {
    rig at;
    for (const char* name : {"a", "b", "c"})
        at.wire.publish(std::make_shared<const chat::hint>(chat::session_ended{name}));
    REQUIRE(at.first.size() == 3);
    CHECK(at.first == at.second);
    CHECK(std::get<chat::session_ended>(*at.first[1]).session == "b");
}
