// Pages of a room's log: every direction, compared with a plain model of the rule.
#include "tests/unit/server/storage/ledger_rig.hpp"

#include "shared/protocol/codec.hpp"

#include <algorithm>

using namespace parley;
using namespace parley::test;
using direction = chat::read_page::direction;

namespace {

// The lobby with `top` events, each message of so many bytes.
void fill(ledger_rig& rig, std::uint64_t top, std::size_t text_bytes) {
    std::vector<awaited<chat::outcome>> became;
    for (std::uint64_t seq = 2; seq <= top; ++seq)
        became.push_back(submit(*rig.log, test::send("lobby", by("ann"), "n" + std::to_string(seq),
                                                     std::string(text_bytes, 'x'), {})));
    for (auto& each : became) done(each.get());
}

std::vector<std::uint64_t> seqs(const chat::page& page) {
    std::vector<std::uint64_t> all;
    for (const auto& event : page.events) all.push_back(event.seq);
    return all;
}

std::vector<std::uint64_t> from_to(std::uint64_t first, std::uint64_t last) {
    std::vector<std::uint64_t> all;
    for (std::uint64_t seq = first; seq <= last; ++seq) all.push_back(seq);
    return all;
}

}  // namespace

TEST_CASE(
    "a page holds the nearest events in the direction asked for, and says whether there are more") {
    ledger_rig rig;
    fill(rig, 20, 3);
    struct expectation {
        direction where;
        std::uint64_t seq, limit, first, last;
        bool more;
    };
    const expectation all[] = {
        {direction::newest, 0, 5, 16, 20, true},   {direction::newest, 0, 20, 1, 20, false},
        {direction::newest, 0, 200, 1, 20, false}, {direction::before, 10, 3, 7, 9, true},
        {direction::before, 4, 3, 1, 3, false},    {direction::before, 100, 2, 19, 20, true},
        {direction::before, 2, 9, 1, 1, false},    {direction::after, 0, 4, 1, 4, true},
        {direction::after, 17, 3, 18, 20, false},  {direction::after, 17, 2, 18, 19, true},
        {direction::around, 10, 5, 8, 12, true},   {direction::around, 1, 5, 1, 5, true},
        {direction::around, 20, 5, 16, 20, true},  {direction::around, 7, 20, 1, 20, false},
        {direction::around, 999, 3, 18, 20, true}, {direction::around, 0, 1, 1, 1, true},
    };
    for (const auto& each : all) {
        CAPTURE(int(each.where), each.seq, each.limit);
        const auto page = rig.page("lobby", each.where, each.seq, each.limit);
        CHECK(seqs(page) == from_to(each.first, each.last));
        CHECK(page.more == each.more);
        CHECK(page.top == 20);
        CHECK(page.epoch == 1);
    }
}

TEST_CASE("a page beyond either end is empty, and nothing more is there") {
    ledger_rig rig;
    fill(rig, 5, 3);
    for (const auto& page :
         {rig.page("lobby", direction::before, 1), rig.page("lobby", direction::before, 0),
          rig.page("lobby", direction::after, 5), rig.page("lobby", direction::after, 1'000)}) {
        CHECK(page.events.empty());
        CHECK_FALSE(page.more);
    }
}

TEST_CASE("the text of a page is bounded, and paging on through it reaches every event once") {
    ledger_rig rig;
    fill(rig, 60, protocol::limits::text_bytes_max);
    const std::string text(protocol::limits::text_bytes_max, 'x');
    const std::size_t body_bytes = protocol::encode_body(protocol::message{.text = text}).size();
    const std::size_t texts_max = chat::page_bytes_max / body_bytes;
    REQUIRE(rig.page("lobby", direction::newest).events.size() == texts_max);

    std::vector<std::uint64_t> upwards;
    for (bool more = true; more;) {
        const auto page = rig.page("lobby", direction::after, upwards.empty() ? 0 : upwards.back());
        CHECK(page.events.size() <= texts_max + 1);  // the first event has a short text
        for (const auto seq : seqs(page)) upwards.push_back(seq);
        more = page.more;
    }
    CHECK(upwards == from_to(1, 60));

    std::vector<std::uint64_t> downwards;
    for (bool more = true; more;) {
        const auto page =
            rig.page("lobby", direction::before, downwards.empty() ? 1'000 : downwards.front());
        const auto part = seqs(page);
        downwards.insert(downwards.begin(), part.begin(), part.end());
        more = page.more;
    }
    CHECK(downwards == from_to(1, 60));

    const auto around = seqs(rig.page("lobby", direction::around, 30));
    CHECK(around.size() >= texts_max - 1);  // each half has its bound
    CHECK(std::count(around.begin(), around.end(), 30) == 1);
    CHECK(around == from_to(around.front(), around.back()));
}

TEST_CASE("a page carries everything that was said about an event") {
    ledger_rig rig;
    const auto said = done(
        *rig.log, test::send("lobby", by("ann"), "n1", "na\xC3\xAFve \xF0\x9F\x98\x80\n\tx", 1));
    const protocol::event event = rig.page("lobby", direction::newest, 0, 1).events.at(0);
    CHECK(event.seq == said.seq);
    CHECK(event.at == said.at);
    CHECK(event.author == "ann");
    CHECK(protocol::kind_of(event.body) == "message");
    CHECK(protocol::text_of(event) == "na\xC3\xAFve \xF0\x9F\x98\x80\n\tx");
    CHECK(protocol::as<protocol::message>(event)->reply_to == 1u);
    CHECK(event.said == 1u);
    CHECK(event.nonce == "n1");
    CHECK_FALSE(rig.page("lobby", direction::after, 0, 1).events.at(0).nonce);
}
