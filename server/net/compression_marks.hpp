// Takes the marks of compressed messages off what a client sends, so that Beast without an
// extension reads it: a first frame with RSV1 (RFC 7692, section 6) becomes that of a plain binary
// message, and the mark is remembered until the message is taken. Nothing else is changed, lengths
// least of all. What is wrong with a frame Beast will say: RSV1 on a control frame or a
// continuation stays where it is.
//
// Invariant: there is one mark for each data message that Beast has seen the beginning of, in their
// order. Beast reads at most 1.5 KB ahead, so they are few.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace parley::net {

class compression_marks {
public:
    enum class mark : char { none, text, binary };

    // The next bytes that were received, wherever they begin and end.
    void remove_from(char* bytes, std::size_t size);

    // Of the oldest message that was not taken. REQUIRES: Beast has delivered a message.
    mark take();

private:
    void begin_frame(char& first);
    void read_length(unsigned char byte);

    std::string marks_;
    std::uint64_t payload_ = 0;   // bytes of mask and payload that are still to pass
    std::uint64_t length_ = 0;    // as far as it was read
    std::uint8_t head_ = 0;       // bytes of the head that were read
    std::uint8_t head_size_ = 2;  // without the mask
    bool masked_ = false;
};

}  // namespace parley::net
