// Follows the frames that a client sends, and changes what Beast would read otherwise than the
// standards say. Lengths never change. What is wrong with a frame Beast will say.
//
// Compressed messages, where they were negotiated: a first frame with RSV1 (RFC 7692, section 6)
// becomes that of a plain binary message, and the mark is remembered until the message is taken.
// RSV1 on a control frame or a continuation stays where it is.
//
// Close codes (RFC 6455, section 7.4, and the IANA registry): Beast 1.83 refuses 1014, which is
// valid, so it reads 1013 instead; and it takes 5000 and more, which are none. The answer to both
// is corrected.
//
// Invariant: there is one mark for each data message that Beast has seen the beginning of, in their
// order; none where nothing may be compressed. Beast reads at most 1.5 KB ahead, so they are few.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace parley::net {

class incoming_frames {
public:
    enum class mark : char { none, text, binary };

    // `compressed`: messages may be. Otherwise RSV1 stays, for Beast to refuse.
    explicit incoming_frames(bool compressed) : compressed_(compressed) {}

    // The next bytes that were received, wherever they begin and end.
    void correct(char* bytes, std::size_t size);

    // Of the oldest message that was not taken. REQUIRES: Beast has delivered a message.
    mark take();

    // A close frame has begun: what Beast writes is to be corrected.
    bool has_close() const { return has_close_; }

    // `frame`: what Beast writes, whole. Of its answer to the peer's close, the code is changed.
    void correct_answer(std::string& frame) const;

private:
    void begin_frame(char& first);
    void read_length(unsigned char byte);
    void pass_payload(char* bytes, std::size_t size);
    void read_close(std::uint64_t at, char& byte);

    std::string marks_;
    std::uint64_t payload_ = 0;   // bytes of mask and payload that are still to pass
    std::uint64_t length_ = 0;    // as far as it was read
    std::uint8_t head_ = 0;       // bytes of the head that were read
    std::uint8_t head_size_ = 2;  // without the mask
    bool masked_ = false;
    bool closes_ = false;  // the frame is the first close
    bool has_close_ = false;
    const bool compressed_;
    std::array<unsigned char, 2> mask_{};  // of the close code
    std::uint16_t close_code_ = 0;         // that the peer sent
};

}  // namespace parley::net
