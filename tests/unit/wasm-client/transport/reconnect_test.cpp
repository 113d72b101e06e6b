// The bounds of the back-off.
#include "wasm-client/transport/reconnect.hpp"
#include "tests/unit/catch.hpp"

namespace parley::transport {

constexpr std::uint32_t most = 0xFFFF'FFFF;

TEST_CASE("the longest wait doubles from 0.2 s to 30 s and stays there") {
    reconnect back_off;
    for (const std::uint64_t bound :
         {200, 400, 800, 1'600, 3'200, 6'400, 12'800, 25'600, 30'000, 30'000})
        CHECK(back_off.next_delay_ms(most, 0) == bound);
    for (int i = 0; i < 200; ++i) CHECK(back_off.next_delay_ms(most, 0) == 30'000);
}

TEST_CASE("chance spreads the wait over the whole range") {
    reconnect back_off;
    for (int i = 0; i < 7; ++i) back_off.next_delay_ms(0, 0);
    CHECK(back_off.next_delay_ms(0, 0) == 0);
    CHECK(back_off.next_delay_ms(most / 2, 0) == 14'999);
}

TEST_CASE("success starts again from the first wait") {
    reconnect back_off;
    for (int i = 0; i < 9; ++i) back_off.next_delay_ms(most, 0);
    back_off.succeeded();
    CHECK(back_off.next_delay_ms(most, 0) == 200);
}

TEST_CASE("the wait that the server demands is added, up to the longest wait") {
    reconnect back_off;
    CHECK(back_off.next_delay_ms(0, 5'000) == 5'000);
    back_off.succeeded();
    CHECK(back_off.next_delay_ms(most, 5'000) == 5'200);
    CHECK(back_off.next_delay_ms(0, ~0ULL) == 30'000);
}

TEST_CASE(
    "a shorter limit holds after any number of attempts, and not for the wait that the server "
    "demands") {
    reconnect back_off;
    for (int i = 0; i < 9; ++i) back_off.next_delay_ms(most, 0, 1'500);
    CHECK(back_off.next_delay_ms(most, 0, 1'500) == 1'500);
    CHECK(back_off.next_delay_ms(most / 2, 0, 1'500) == 749);
    CHECK(back_off.next_delay_ms(most, 5'000, 1'500) == 6'500);
    CHECK(back_off.next_delay_ms(most, 0, 60'000) == 30'000);
}

}  // namespace parley::transport
