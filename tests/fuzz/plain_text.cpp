// Text for people and for plain clients: UTF-8 against a decoder that works with code points,
// single lines, cuts, plain frames read back by the rules of RFC 6455.
#include "server/chat/broadcast.hpp"
#include "server/chat/identity.hpp"
#include "shared/protocol/text.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/fuzz/script.hpp"

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using namespace parley;
using fuzz::promise;

namespace {

// RFC 3629 the other way round: the number is put together first, and judged then.
std::size_t character_bytes_simply(std::string_view rest) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
    const int ones = std::countl_one(byte(0));
    if (ones == 0) return 1;
    const auto length = static_cast<std::size_t>(ones);
    if (ones == 1 || ones > 4 || rest.size() < length) return 0;
    std::uint32_t point = byte(0) & (0x7Fu >> ones);
    for (std::size_t i = 1; i < length; ++i) {
        if (byte(i) >> 6 != 2) return 0;
        point = point << 6 | (byte(i) & 0x3Fu);
    }
    const std::uint32_t shortest[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    return point >= shortest[ones] && point <= 0x10FFFF && !surrogate ? length : 0;
}

std::size_t valid_prefix_simply(std::string_view text) {
    std::size_t i = 0;
    while (i < text.size()) {
        const std::size_t length = character_bytes_simply(text.substr(i));
        if (length == 0) break;
        i += length;
    }
    return i;
}

void check_line(std::string_view text) {
    const std::string line = protocol::to_single_line(text);
    promise(protocol::is_utf8(line), "a line of UTF-8 is UTF-8");
    promise(protocol::spelled_in(line, protocol::alphabet::line), "a line holds no control");
    promise(line.size() <= text.size(), "a line is not longer than its text");
    promise(line.empty() || (line.front() != ' ' && line.back() != ' '),
            "the ends of a line are trimmed");
    promise(protocol::to_single_line(line) == line, "a line is its own line");
}

void check_cut(std::string_view text, std::size_t bytes_max) {
    const std::string_view cut = protocol::cut_utf8(text, bytes_max);
    promise(cut.size() <= bytes_max && text.starts_with(cut), "a cut is a prefix within its limit");
    promise(protocol::is_utf8(cut), "a cut never stands inside a character");
    promise(cut.size() == text.size() || cut.size() + 3 >= bytes_max,
            "a cut takes no whole character too many");
}

// The payloads of unmasked text frames (RFC 6455, section 5.2).
std::vector<std::string> payloads_of(std::string_view bytes) {
    std::vector<std::string> all;
    while (!bytes.empty()) {
        promise(bytes.size() >= 2 && bytes[0] == '\x81', "a plain frame is one final text frame");
        std::size_t header = 2, length = static_cast<unsigned char>(bytes[1]);
        promise(length < 128, "a server does not mask");
        if (length >= 126) {
            header = length == 126 ? 4 : 10;
            promise(bytes.size() >= header, "a header is whole");
            length = 0;
            for (std::size_t i = 2; i < header; ++i)
                length = length << 8 | static_cast<unsigned char>(bytes[i]);
            promise(length >= (header == 4 ? 126u : 65536u), "a length has its shortest form");
        }
        promise(bytes.size() >= header + length, "a payload is whole");
        all.emplace_back(bytes.substr(header, length));
        bytes.remove_prefix(header + length);
    }
    return all;
}

// "ann: hello", "~gus: hello".
bool begins_with_a_name(const std::string& line) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789._-";
    std::size_t i = line.starts_with('~') ? 1 : 0;
    while (i < line.size() && letters.find(line[i]) != std::string_view::npos) ++i;
    return i >= 2 && i <= 33 && line.compare(i, 2, ": ") == 0;
}

std::vector<std::string> lines_of(const std::vector<protocol::event>& events) {
    return payloads_of(*chat::make_plain_frame(events));
}

// The text said by two people and put in the place of another text, with something between that
// plain clients are not told.
void check_frames(const std::string& text) {
    if (text.empty()) return;  // no message
    const std::string line = protocol::to_single_line(text);
    const std::string anonymous = begins_with_a_name(line) ? "~guest: " + line : line;
    std::vector<protocol::event> events{
        {1, 1, "ann", 1, {}, protocol::message{.text = text}},
        {2, 1, "bob", {}, {}, protocol::joined{}},
        {3, 1, chat::unnamed_guest, 2, {}, protocol::message{.text = text}},
        {4, 1, "ann", {}, {}, protocol::edited{.target = 1, .base = 1, .text = text}},
        {5, 1, "bob", {}, {}, protocol::reacted{.target = 3, .emoji = "+1"}},
        {6, 1, "ann", {}, {}, protocol::edited{.target = 1, .base = 4, .text = {}}},
        {7, 1, "ann", {}, {}, protocol::deleted{.target = 1, .reason = {}}},
    };
    const std::string said = "ann: " + line, edited = said + " *";
    promise(lines_of(events) == std::vector{said, anonymous, edited},
            "plain clients get each message once, and each edit, in order");
    protocol::as<protocol::message>(events.front())->rev = 4;
    promise(lines_of(events) == std::vector{said, anonymous},
            "an edit that is folded in is not told again");
}

}  // namespace

// The first byte says where to cut.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::script input(data, size);
    const std::size_t cut = input.byte();
    std::string_view text = input.rest();
    const std::size_t valid = protocol::valid_utf8_prefix(text);
    promise(valid == valid_prefix_simply(text), "both decoders of UTF-8 agree");
    text = text.substr(0, valid);
    check_line(text);
    check_cut(text, cut);
    check_frames(std::string(text));
    return 0;
}
