// The bus of one process: every shard hears every hint, in order.
#include "server/bus/local_bus.hpp"

#include "tests/unit/catch.hpp"

#include <string>

using namespace parley;

namespace {

using heard = std::vector<std::shared_ptr<const chat::hint>>;

struct noting final : bus::local_bus::receiver {
    explicit noting(heard& into, int& held) : into_(into), held_(held) {}
    void hear(std::shared_ptr<const chat::hint> what) override { into_.push_back(std::move(what)); }
    void hold() override { ++held_; }
    void let_go() override { --held_; }
    heard& into_;
    int& held_;
};

struct rig {
    rig() {
        wire.attach(std::make_unique<noting>(first, held));
        wire.attach(std::make_unique<noting>(second, held));
    }
    bus::local_bus wire;
    heard first, second;
    int held = 0;  // receivers
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

TEST_CASE("what comes in one piece is held at every receiver until its end") {
    rig at;
    {
        const chat::in_one_piece piece(at.wire);
        CHECK(at.held == 2);
    }
    CHECK(at.held == 0);
}
