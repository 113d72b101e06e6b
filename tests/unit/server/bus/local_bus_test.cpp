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

}  // namespace

TEST_CASE("every receiver gets every hint in order, and none is copied") {
    bus::local_bus wire;
    heard first, second;
    int held = 0;
    wire.attach(std::make_unique<noting>(first, held));
    wire.attach(std::make_unique<noting>(second, held));
    for (const char* name : {"a", "b", "c"})
        wire.publish(std::make_shared<const chat::hint>(chat::session_ended{name}));
    REQUIRE(first.size() == 3);
    CHECK(first == second);
    CHECK(std::get<chat::session_ended>(*first[1]).session == "b");
}

TEST_CASE("what comes in one piece is held at every receiver until its end") {
    bus::local_bus wire;
    heard first, second;
    int held = 0;
    wire.attach(std::make_unique<noting>(first, held));
    wire.attach(std::make_unique<noting>(second, held));
    {
        const chat::in_one_piece piece(wire);
        CHECK(held == 2);
    }
    CHECK(held == 0);
}
