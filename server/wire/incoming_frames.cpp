// RFC 6455, section 5.2: a byte of flags and opcode; the mask bit and seven bits of length; two or
// eight bytes more of it; the mask; the payload.
#include "server/wire/incoming_frames.hpp"

#include <algorithm>

namespace parley::wire {
namespace {

constexpr unsigned char rsv1 = 0x40, opcode_bits = 0x0f, mask_bit = 0x80;
constexpr unsigned char text = 1, binary = 2, close = 8;
constexpr std::uint64_t mask_bytes = 4, code_bytes = 2;

// Bad Gateway, what Beast reads instead, and the first code beyond all ranges.
constexpr std::uint16_t bad_gateway = 1014, substitute = 1013, beyond = 5000;
constexpr std::uint16_t protocol_error = 1002;

}  // namespace

void incoming_frames::correct(char* bytes, std::size_t size) {
    for (std::size_t i = 0; i < size;) {
        if (head_ == head_size_) {
            const auto passed =
                static_cast<std::size_t>(std::min<std::uint64_t>(payload_, size - i));
            pass_payload(bytes + i, passed);
            i += passed;
            if (payload_ == 0) begin_next();
            continue;
        }
        if (head_ == 0)
            begin_frame(bytes[i]);
        else
            read_length(static_cast<unsigned char>(bytes[i]));
        ++i;
        if (++head_ < head_size_) continue;
        payload_ = length_ + (masked_ ? mask_bytes : 0);
        if (payload_ == 0) begin_next();
    }
}

void incoming_frames::begin_next() {
    head_ = 0;
    head_size_ = 2;
}

void incoming_frames::begin_frame(char& first) {
    const auto byte = static_cast<unsigned char>(first);
    const auto opcode = static_cast<unsigned char>(byte & opcode_bits);
    closes_ = opcode == close && !has_close_;
    has_close_ |= closes_;
    if (!compressed_ || (opcode != text && opcode != binary)) return;
    if (!(byte & rsv1)) return kinds_.push_back(static_cast<char>(message_kind::uncompressed));
    kinds_.push_back(static_cast<char>(opcode == text ? message_kind::compressed_text
                                                      : message_kind::compressed_binary));
    first = static_cast<char>((byte & ~rsv1 & ~opcode_bits) | binary);
}

void incoming_frames::read_length(unsigned char byte) {
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

// The mask, then the payload that it masks.
void incoming_frames::pass_payload(char* bytes, std::size_t size) {
    const std::uint64_t begin = length_ + mask_bytes - payload_;  // offset of `bytes`, if masked
    payload_ -= size;
    if (!closes_ || !masked_) return;
    for (std::size_t i = 0; i < size && begin + i < mask_bytes + code_bytes; ++i)
        read_close(begin + i, bytes[i]);
}

// 1014 and 1013 differ in their last byte alone, so the first may have been read before.
void incoming_frames::read_close(std::uint64_t at, char& byte) {
    const auto value = static_cast<unsigned char>(byte);
    if (at < mask_.size()) mask_[at] = value;
    if (at < mask_bytes) return;
    const unsigned plain = value ^ mask_[at - mask_bytes];
    close_code_ = static_cast<std::uint16_t>(close_code_ << 8 | plain);
    if (close_code_ == bad_gateway) byte = static_cast<char>(value ^ bad_gateway ^ substitute);
}

// Beast repeats the code that it has read. The server itself never sends one of these codes.
void incoming_frames::correct_answer(std::string& frame) const {
    constexpr std::size_t head = 2;
    if (frame.size() < head + code_bytes || (frame[0] & opcode_bits) != close) return;
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(frame[i]); };
    auto code = static_cast<std::uint16_t>(byte(head) << 8 | byte(head + 1));
    if (code == substitute && close_code_ == bad_gateway) code = bad_gateway;
    if (code >= beyond) code = protocol_error;
    frame[head] = static_cast<char>(code >> 8);
    frame[head + 1] = static_cast<char>(code);
}

incoming_frames::message_kind incoming_frames::take() {
    if (kinds_.empty()) return message_kind::uncompressed;
    const auto oldest = static_cast<message_kind>(kinds_.front());
    kinds_.erase(0, 1);
    return oldest;
}

}  // namespace parley::wire
