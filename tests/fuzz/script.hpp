// The fuzzer's bytes as a script of moves, read from the front: a seed can be written by hand, and
// a longer one only goes on where a shorter one ends. After the end everything is 0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace parley::fuzz {

class script {
public:
    script(const std::uint8_t* data, std::size_t size)
        : rest_(reinterpret_cast<const char*>(data), size) {}

    bool ended() const { return rest_.empty(); }

    std::uint8_t byte() { return rest_.empty() ? 0 : static_cast<std::uint8_t>(text(1).front()); }

    // 0 to 65535, two bytes.
    std::size_t number() {
        const std::size_t high = byte();
        return high << 8 | byte();
    }

    std::string_view text(std::size_t bytes_max) {
        const std::string_view taken = rest_.substr(0, bytes_max);
        rest_.remove_prefix(taken.size());
        return taken;
    }
    std::string_view rest() const { return rest_; }

private:
    std::string_view rest_;
};

}  // namespace parley::fuzz
