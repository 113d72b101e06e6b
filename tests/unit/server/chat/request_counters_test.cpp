// Each request is counted once, by its type and by what became of it.
#include "tests/unit/server/chat/client.hpp"

using namespace parley;
using protocol::error_code;
using tests::client;
using tests::quiet_shard;

namespace {

std::uint64_t counted(const quiet_shard& shard, std::string_view type, std::string_view outcome) {
    for (std::size_t i = 0; i < chat::request_counters::outcomes; ++i)
        if (chat::request_counters::outcome(i) == outcome)
            return shard.hub.counted().requests.value(chat::request_type(type), i);
    return 0;
}

std::uint64_t counted_in_all(const quiet_shard& shard) {
    std::uint64_t sum = 0;
    for (std::size_t type = 0; type < chat::request_types.size(); ++type)
        for (std::size_t i = 0; i < chat::request_counters::outcomes; ++i)
            sum += shard.hub.counted().requests.value(type, i);
    return sum;
}

}  // namespace

TEST_CASE("every declared type has a place of its own") {
    CHECK(chat::request_type("hello") == 0);
    CHECK(chat::request_types[chat::request_type("sign_in_guest")] == "sign_in_guest");
    CHECK(chat::request_type("no_such_type") == chat::unknown_request);
    CHECK(chat::request_type("plain") == chat::unknown_request);
    CHECK(chat::request_counters::outcome(0) == "ok");
    CHECK(chat::request_counters::outcome(chat::request_counters::outcomes - 1) == "internal");
}

TEST_CASE("requests are counted by type and outcome, whether answered at once or by the ledger") {
    quiet_shard shard;
    client ann(shard, "ann");
    ann.ask(R"({"type":"subscribe","id":1,"room":"lobby"})");
    ann.ask(R"({"type":"subscribe","id":2,"room":"no-such-room"})");
    ann.ask(R"({"type":"send","id":3,"room":"lobby","nonce":"n1","text":"one"})");
    ann.ask(R"({"type":"send","id":4,"room":"lobby","nonce":"n1","text":"two"})");
    ann.ask(R"({"type":"history","id":5,"room":"lobby","limit":10,"before":3,"after":1})");
    ann.ask(R"({"type":"typing","room":"lobby","active":true})");
    ann.ask(R"({"type":"ping","id":6})");
    ann.ask(R"({"type":"nothing","id":7})");
    CHECK(counted(shard, "hello", "ok") == 1);
    CHECK(counted(shard, "subscribe", "ok") == 1);
    CHECK(counted(shard, "subscribe", "not_found") == 1);
    CHECK(counted(shard, "send", "ok") == 1);
    CHECK(counted(shard, "send", "conflict") == 1);
    CHECK(counted(shard, "history", "bad_field") == 1);
    CHECK(counted(shard, "typing", "ok") == 1);
    CHECK(counted(shard, "ping", "ok") == 1);
    CHECK(counted(shard, "unknown", "unsupported") == 1);
    CHECK(counted_in_all(shard) == 9);
}
