// RFC 6455, section 5.2: a byte of flags and opcode; the mask bit and seven bits of length; two or
// eight bytes more of it; the mask; the payload.
#include "server/net/compression_marks.hpp"

#include <algorithm>

namespace parley::net {
namespace {

constexpr unsigned char rsv1 = 0x40, opcode_bits = 0x0f, mask_bit = 0x80;
constexpr unsigned char text = 1, binary = 2;
constexpr std::uint64_t mask_bytes = 4;

}  // namespace

void compression_marks::remove_from(char* bytes, std::size_t size) {
    for (std::size_t i = 0; i < size;) {
        if (head_ == head_size_) {
            const auto passed =
                static_cast<std::size_t>(std::min<std::uint64_t>(payload_, size - i));
            payload_ -= passed;
            i += passed;
            if (payload_ == 0) head_ = 0, head_size_ = 2;
            continue;
        }
        if (head_ == 0)
            begin_frame(bytes[i]);
        else
            read_length(static_cast<unsigned char>(bytes[i]));
        ++i;
        if (++head_ < head_size_) continue;
        payload_ = length_ + (masked_ ? mask_bytes : 0);
        if (payload_ == 0) head_ = 0, head_size_ = 2;
    }
}

void compression_marks::begin_frame(char& first) {
    const auto byte = static_cast<unsigned char>(first);
    const auto kind = static_cast<unsigned char>(byte & opcode_bits);
    if (kind != text && kind != binary) return;
    if (!(byte & rsv1)) return marks_.push_back(static_cast<char>(mark::none));
    marks_.push_back(static_cast<char>(kind == text ? mark::text : mark::binary));
    first = static_cast<char>((byte & ~rsv1 & ~opcode_bits) | binary);
}

void compression_marks::read_length(unsigned char byte) {
    if (head_ > 1) {
        length_ = length_ << 8 | byte;
        return;
    }
    masked_ = byte & mask_bit;
    length_ = byte & ~mask_bit;
    if (length_ < 126) return;
    head_size_ = length_ == 126 ? 4 : 10;
    length_ = 0;
}

compression_marks::mark compression_marks::take() {
    if (marks_.empty()) return mark::none;
    const auto oldest = static_cast<mark>(marks_.front());
    marks_.erase(0, 1);
    return oldest;
}

}  // namespace parley::net
