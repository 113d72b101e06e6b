// The codec against every vector: verdict, canonical bytes, code, field and id.
#include "tests/unit/catch.hpp"
#include "tests/vectors/cases.hpp"

using namespace parley;
using vectors::input;
using vectors::vector_case;

namespace {

using verdict = std::variant<std::string, protocol::fault>;

template <class Message>
verdict to_verdict(const protocol::decoded<Message>& decoded) {
    if (const auto* found = std::get_if<protocol::fault>(&decoded)) return *found;
    return protocol::encode(std::get<Message>(decoded));
}

verdict judge(const vector_case& one) {
    const std::string frame = one.frame.bytes();
    switch (one.set) {
        case input::request: return to_verdict(protocol::decode_request(frame));
        case input::notice: return to_verdict(protocol::decode_notice(frame));
        case input::account_body:
            return to_verdict(protocol::decode_account_request_body(one.type, frame));
        case input::request_body: return to_verdict(protocol::decode_request_body(one.type, frame));
    }
    return {};
}

}  // namespace

TEST_CASE("the codec agrees with every vector") {
    for (const vector_case& one : vectors::all_cases()) {
        INFO(vectors::to_word(one.set)
             << " " << one.name << ": " << one.frame.bytes().substr(0, 400));
        const verdict got = judge(one);
        const auto* encoded = std::get_if<std::string>(&got);
        CHECK(bool(encoded) == !one.refused);
        if (encoded && !one.refused) CHECK(*encoded == one.canonical.value_or(one.frame).bytes());
        if (encoded || !one.refused) continue;
        const auto& found = std::get<protocol::fault>(got);
        CHECK(protocol::to_word(found.code) == protocol::to_word(one.refused->code));
        CHECK(found.field == one.refused->field);
        CHECK(found.id == one.refused->id);
    }
}

TEST_CASE("there are vectors of both verdicts for every set") {
    std::size_t accepted[4] = {}, refused[4] = {};
    for (const vector_case& one : vectors::all_cases())
        ++(one.refused ? refused : accepted)[std::size_t(one.set)];
    for (std::size_t set = 0; set < 4; ++set) {
        CHECK(accepted[set] >= 4);
        CHECK(refused[set] >= 8);
    }
}
