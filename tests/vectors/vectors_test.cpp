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
    if (const auto* fault = std::get_if<protocol::fault>(&decoded)) return *fault;
    return protocol::encode(std::get<Message>(decoded));
}

verdict judge(const vector_case& vector) {
    const std::string frame = vector.frame.bytes();
    switch (vector.set) {
        case input::request: return to_verdict(protocol::decode_request(frame));
        case input::notice: return to_verdict(protocol::decode_notice(frame));
        case input::account_body:
            return to_verdict(protocol::decode_account_request_body(vector.type, frame));
        case input::request_body:
            return to_verdict(protocol::decode_request_body(vector.type, frame));
    }
    return {};
}

}  // namespace

TEST_CASE("the codec agrees with every vector") {
    for (const vector_case& vector : vectors::all_cases()) {
        INFO(vectors::to_word(vector.set)
             << " " << vector.name << ": " << vector.frame.bytes().substr(0, 400));
        const verdict got = judge(vector);
        const auto* encoded = std::get_if<std::string>(&got);
        CHECK(bool(encoded) == !vector.refused);
        if (encoded && !vector.refused)
            CHECK(*encoded == vector.canonical.value_or(vector.frame).bytes());
        if (encoded || !vector.refused) continue;
        const auto& fault = std::get<protocol::fault>(got);
        CHECK(protocol::to_word(fault.code) == protocol::to_word(vector.refused->code));
        CHECK(fault.field == vector.refused->field);
        CHECK(fault.id == vector.refused->id);
    }
}

TEST_CASE("there are vectors of both verdicts for every set") {
    std::size_t accepted[4] = {}, refused[4] = {};
    for (const vector_case& vector : vectors::all_cases())
        ++(vector.refused ? refused : accepted)[std::size_t(vector.set)];
    for (std::size_t set = 0; set < 4; ++set) {
        CHECK(accepted[set] >= 4);
        CHECK(refused[set] >= 8);
    }
}
