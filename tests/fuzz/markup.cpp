// Any bytes as the text of a message: its pieces nest, cover it and keep the limits, in steps in
// line with its length; and closing its fence changes none of them but the last.
#include "tests/fuzz/promise.hpp"
#include "tests/unit/shared/markup/promises.hpp"

#include <cstdint>

using namespace parley;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const char* const broken = markup::promise_check(text).broken();
    fuzz::promise(!broken, broken);
    const std::string closed = std::string(text) + markup::closing_fence(text);
    fuzz::promise(markup::closing_fence(closed).empty(), "a closed fence stays closed");
    fuzz::promise(markup::plain_text(closed) == markup::plain_text(text) || closed == text ||
                      markup::parse(text).pieces.size() == markup::pieces_max,
                  "closing a fence changes no text");
    return 0;
}
