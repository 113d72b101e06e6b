// Follows the frames that a client sends, and changes what Beast would read otherwise than the
// standards say. Lengths never change. Beast itself reports what is wrong with a frame.
//
// Compressed messages, where they were negotiated: a first frame with RSV1 (RFC 7692, section 6)
// becomes that of a plain binary message, and its kind is kept until the message is taken. RSV1 on
// a control frame or a continuation stays.
//
// Close codes (RFC 6455, section 7.4, and the IANA registry): Beast 1.83 refuses 1014, which is
// valid, so it reads 1013 instead. It also accepts 5000 and more, which are not valid. The answer
// to both is corrected.
//
// Invariant: there is one kind for each data message whose beginning Beast has seen, in their
// order; there are none if nothing may be compressed. Beast reads at most 1.5 KB ahead, so they are
// few.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace parley::wire {

class incoming_frames {
public:
    enum class message_kind : char { uncompressed, compressed_text, compressed_binary };

    // `compressed`: messages may be compressed. Otherwise RSV1 stays, for Beast to refuse.
    explicit incoming_frames(bool compressed) : compressed_(compressed) {}

    // The next bytes that were received, wherever they begin and end.
    void correct(char* bytes, std::size_t size);

    // The kind of the oldest message that was not taken yet; `uncompressed` if there is none.
    message_kind take();

    // A close frame has begun: what Beast writes is to be corrected.
    bool has_close() const { return has_close_; }

    // `frame`: the whole of what Beast writes. If it answers the peer's close, its code is changed.
    void correct_answer(std::string& frame) const;

private:
    void begin_next();
    void begin_frame(char& first);
    void read_length(unsigned char byte);
    void pass_payload(char* bytes, std::size_t size);
    void read_close(std::uint64_t at, char& byte);

    std::string kinds_;
    std::uint64_t payload_ = 0;   // bytes of mask and payload that are still to come
    std::uint64_t length_ = 0;    // as far as it was read
    std::uint8_t head_ = 0;       // bytes of the head that were read
    std::uint8_t head_size_ = 2;  // without the mask
    bool masked_ = false;
    bool closes_ = false;  // this frame is the first close
    bool has_close_ = false;
    const bool compressed_;
    std::array<unsigned char, 2> mask_{};  // of the close code
    std::uint16_t close_code_ = 0;         // as the peer sent it
};

}  // namespace parley::wire
