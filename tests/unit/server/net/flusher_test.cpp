// The two lists of outboxes: which is written to when. The outboxes here only note it.
#include "server/net/flusher.hpp"

#include "tests/unit/catch.hpp"

#include <functional>
#include <string>
#include <utility>

using namespace parley;

namespace {

constexpr base::time_us spacing = 20'000, now = 1'000'000;

struct noted_outbox final : net::listed_outbox {
    noted_outbox(std::string& into, char name) : noted(into), letter(name) {}

    bool offer(const wire::shared_frame&, chat::urgency) override { return true; }
    void prefetch_queue() const override {}
    void fall_behind() override {}
    void disconnect() override {}
    void flush(base::time_us at) override {
        noted += letter;
        written_at_ = at;
        has_written_ = true;
        prompt_ = false;
        if (const auto act = std::exchange(then, nullptr)) act();
    }
    void was_written(base::time_us at) {
        written_at_ = at;
        has_written_ = true;
    }
    bool is_listed() const { return is_listed_for_writing(); }

    std::string& noted;
    const char letter;
    std::function<void()> then;
};

struct rig {
    rig() { schedule.begin_turn(now); }
    net::write_schedule schedule{spacing, 0, now};
    net::flusher flusher;
    std::string noted;
    noted_outbox a{noted, 'a'}, b{noted, 'b'}, c{noted, 'c'};
};

}  // namespace

TEST_CASE("at the end of a turn prompt and due outboxes are written to, in order; others wait") {
    rig at;
    at.a.was_written(now - 1);
    at.b.was_written(now - 1);
    at.flusher.enlist(at.a, false);
    at.flusher.enlist(at.b, true);
    at.flusher.enlist(at.c, false);
    at.flusher.flush_due(at.schedule);
    CHECK(at.noted == "bc");
    CHECK(at.flusher.has_deferred());
    CHECK(at.a.is_listed());
    CHECK_FALSE(at.c.is_listed());
    at.flusher.flush_all(now + spacing);
    CHECK(at.noted == "bca");
    CHECK_FALSE(at.flusher.has_deferred());
}

TEST_CASE("the list of this turn grows once for each outbox, and by one that is prompt by now") {
    rig at;
    CHECK(at.flusher.enlist(at.a, false));
    CHECK_FALSE(at.flusher.enlist(at.a, true));
    at.flusher.flush_due(at.schedule);
    at.a.was_written(now);
    CHECK(at.flusher.enlist(at.a, false));
    at.flusher.flush_due(at.schedule);
    REQUIRE(at.flusher.has_deferred());
    CHECK_FALSE(at.flusher.enlist(at.a, false));
    CHECK(at.flusher.enlist(at.a, true));
    at.flusher.flush_due(at.schedule);
    CHECK(at.noted == "aa");
}

TEST_CASE("prompt outboxes are written to alone, and once") {
    rig at;
    at.flusher.enlist(at.a, false);
    at.flusher.enlist(at.b, true);
    at.flusher.flush_prompt(now);
    CHECK(at.noted == "b");
    at.flusher.flush_due(at.schedule);
    CHECK(at.noted == "ba");
}

TEST_CASE("what is enlisted during a turn leaves in this turn, and what is forgotten does not") {
    rig at;
    at.flusher.enlist(at.a, false);
    at.flusher.enlist(at.b, false);
    at.a.then = [&at] {
        at.flusher.forget(at.b);
        at.flusher.enlist(at.c, false);
    };
    at.flusher.flush_due(at.schedule);
    CHECK(at.noted == "ac");
    at.flusher.forget(at.b);  // listed nowhere
    at.flusher.flush_all(now);
    CHECK(at.noted == "ac");
}

TEST_CASE("the tick writes to deferred outboxes first, then to those of the turn") {
    rig at;
    at.b.was_written(now);
    at.flusher.enlist(at.b, false);
    at.flusher.flush_due(at.schedule);
    at.flusher.enlist(at.a, false);
    at.flusher.flush_all(now);
    CHECK(at.noted == "ba");
}
