// Any bytes as a frame: refused with an answer that can be sent, or read, written and read again
// without a change. An input begins with its set, as in tests/wasm/judge.cpp: r request, n notice,
// or a body of the HTTP API, a of an account request, b of another, whose type stands on the first
// line.
#include "tests/fuzz/promise.hpp"
#include "tests/vectors/promises.hpp"

#include <cstdint>
#include <string_view>
#include <variant>

using namespace parley;

namespace {

template <class Decode>
void judge(std::string_view frame, Decode decode) {
    const auto result = decode(frame);
    const auto* refused = std::get_if<protocol::fault>(&result);
    const char* const broken = refused ? vectors::broken_promise(*refused)
                                       : vectors::broken_promise(std::get<0>(result), decode);
    fuzz::promise(!broken, broken);
}

template <class Decode>
void judge_body(std::string_view input, Decode decode) {
    const auto end = input.find('\n');
    if (end == std::string_view::npos) return;
    judge(input.substr(end + 1),
          [&](std::string_view body) { return decode(input.substr(0, end), body); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view input(reinterpret_cast<const char*>(data), size);
    if (input.empty()) return 0;
    const char set = input.front();
    input.remove_prefix(1);
    if (set == 'r') judge(input, protocol::decode_request);
    if (set == 'n') judge(input, protocol::decode_notice);
    if (set == 'a') judge_body(input, protocol::decode_account_request_body);
    if (set == 'b') judge_body(input, protocol::decode_request_body);
    return 0;
}
