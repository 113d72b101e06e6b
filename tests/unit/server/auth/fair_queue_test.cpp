// Who is served next, and who is left out.
#include "server/auth/fair_queue.hpp"

#include "tests/unit/catch.hpp"

using parley::auth::fair_queue;

namespace {

std::string served(fair_queue<std::string>& queue) {
    std::string out;
    while (!queue.empty()) out += queue.take() + " ";
    return out;
}

}  // namespace

TEST_CASE("lanes take turns, and each serves in order") {
    fair_queue<std::string> queue(10);
    for (const char* work : {"a1", "a2", "a3", "b1", "c1", "b2"})
        CHECK_FALSE(queue.add({work[0]}, work));
    CHECK(queue.size() == 6);
    CHECK(queue.take() == "a1");
    CHECK_FALSE(queue.add("d", "d1"));
    CHECK(served(queue) == "b1 c1 a2 d1 b2 a3 ");
}

TEST_CASE(
    "a full queue takes from its longest lane for a shorter one, and "
    "refuses the rest") {
    fair_queue<std::string> queue(4);
    for (const char* work : {"a1", "a2", "a3", "a4"}) CHECK_FALSE(queue.add("a", work));
    CHECK(queue.add("a", "a5") == std::string("a5"));
    CHECK(queue.add("b", "b1") == std::string("a4"));
    CHECK(queue.add("c", "c1") == std::string("a3"));
    CHECK(queue.add("d", "d1") == std::string("a2"));
    CHECK(queue.add("b", "b2") == std::string("b2"));
    CHECK(queue.add("e", "e1") == std::string("e1"));
    CHECK(served(queue) == "a1 b1 c1 d1 ");
}

TEST_CASE("a known source displaces a stranger in a full queue, and no stranger displaces it") {
    fair_queue<std::string> queue(3);
    for (const char* work : {"a1", "b1", "c1"}) CHECK_FALSE(queue.add({work[0]}, work));
    CHECK(queue.add("k", "k1", true) == std::string("a1"));
    CHECK(queue.add("k", "k2", true) == std::string("b1"));
    CHECK(queue.add("d", "d1") == std::string("d1"));
    CHECK(queue.add("l", "l1", true) == std::string("c1"));
    CHECK(queue.add("m", "m1", true) == std::string("m1"));
    CHECK(served(queue) == "k1 l1 k2 ");
}

TEST_CASE("a known source waits for few strangers, and does not keep them waiting for ever") {
    fair_queue<std::string> queue(10);
    for (const char* work : {"a1", "b1", "c1", "d1"}) CHECK_FALSE(queue.add({work[0]}, work));
    for (const char* work : {"k1", "k2", "k3"}) CHECK_FALSE(queue.add("k", work, true));
    CHECK(served(queue) == "k1 a1 k2 b1 k3 c1 d1 ");
}
