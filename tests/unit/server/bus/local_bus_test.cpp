// The bus of one process: every shard hears every hint, in order.
#include "server/bus/local_bus.hpp"

#include "tests/unit/catch.hpp"

#include <string>

using namespace parley;

TEST_CASE("every receiver gets every hint in order, and none is copied") {
    bus::local_bus wire;
    std::vector<std::shared_ptr<const chat::hint>> first, second;
    wire.attach([&](auto what) { first.push_back(what); });
    wire.attach([&](auto what) { second.push_back(what); });
    for (const char* name : {"a", "b", "c"})
        wire.publish(std::make_shared<const chat::hint>(chat::session_ended{name}));
    REQUIRE(first.size() == 3);
    CHECK(first == second);
    CHECK(std::get<chat::session_ended>(*first[1]).session == "b");
}
