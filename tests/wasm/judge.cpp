// Reads cases, writes one line of verdict for each: `ok <canonical bytes>` or `fault <code> <id>
// <field> <message>`, the two texts in JSON. For the text of a message (set m) the bytes are its
// pieces. Ends with status 1 when a promise of the codec or of the markup is broken, whatever the
// case.
//
//     judge CASES VERDICTS
//     case: set (1 byte: r, n, a, b, m), length of type (1 byte), type, length of frame (4 bytes,
//     little endian), frame
#include "tests/unit/shared/markup/promises.hpp"
#include "tests/vectors/promises.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>

using namespace parley::protocol;
using parley::vectors::broken_promise;

namespace {

void keep(const char* broken, std::string_view frame) {
    if (!broken) return;
    std::fprintf(stderr, "judge: broken promise: %s\n%.*s\n", broken, int(frame.size()),
                 frame.data());
    std::exit(1);
}

std::string json_text(const std::string& text) {
    error quoting;  // the codec's own escapes
    quoting.message = text;
    const std::string frame = encode(quoting);
    const std::size_t begin = frame.find("\"message\":") + 10;
    return frame.substr(begin, frame.size() - 1 - begin);
}

template <class Message>
std::string judge(const decoded<Message>& result,
                  decoded<Message> (*again)(std::string_view, std::string_view),
                  std::string_view type, std::string_view frame) {
    if (const auto* problem = std::get_if<fault>(&result)) {
        keep(broken_promise(*problem), frame);
        const std::string id = problem->id ? std::to_string(*problem->id) : "-";
        return "fault " + std::string(to_word(problem->code)) + " " + id + " " +
               json_text(problem->field) + " " + json_text(problem->message);
    }
    const auto& message = std::get<Message>(result);
    keep(broken_promise(message, [&](std::string_view bytes) { return again(type, bytes); }),
         frame);
    return "ok " + encode(message);
}

// Whom the text calls, its pieces, and its plain text.
std::string judge_markup(std::string_view text) {
    namespace markup = parley::markup;
    keep(markup::promise_check(text).broken(), text);
    const markup::parsed parsed = markup::parse(text);
    std::string line = "ok";
    const auto everybody = [](const std::string&) { return true; };
    for (const std::string& name : markup::mentions(text, everybody).names) line += " @" + name;
    for (const markup::piece& piece : parsed.pieces)
        for (const std::size_t number :
             {std::size_t(piece.kind), std::size_t(piece.depth), std::size_t(piece.bytes.begin),
              std::size_t(piece.bytes.end)})
            line += " " + std::to_string(number);
    return line + " " + json_text(markup::plain_text(text, parsed.pieces));
}

std::string judge(char set, std::string_view type, std::string_view frame) {
    const auto as_request = [](std::string_view, std::string_view text) {
        return decode_request(text);
    };
    const auto as_notice = [](std::string_view, std::string_view text) {
        return decode_notice(text);
    };
    switch (set) {
        case 'r': return judge<request>(decode_request(frame), as_request, type, frame);
        case 'n': return judge<notice>(decode_notice(frame), as_notice, type, frame);
        case 'm': return judge_markup(frame);
        case 'a':
            return judge<account_request>(decode_account_request_body(type, frame),
                                          decode_account_request_body, type, frame);
        default:
            return judge<request>(decode_request_body(type, frame), decode_request_body, type,
                                  frame);
    }
}

bool take(std::FILE* in, std::string& bytes, std::size_t count) {
    bytes.resize(count);
    return std::fread(bytes.data(), 1, count, in) == count;
}

bool judge_next(std::FILE* in, std::FILE* out) {
    std::string header, type, length, frame;
    if (!take(in, header, 2) || !take(in, type, static_cast<unsigned char>(header[1])) ||
        !take(in, length, 4))
        return false;
    std::size_t bytes = 0;
    for (int i = 3; i >= 0; --i) bytes = bytes << 8 | static_cast<unsigned char>(length[i]);
    if (!take(in, frame, bytes)) return false;
    const std::string line = judge(header[0], type, frame) + "\n";
    return std::fwrite(line.data(), 1, line.size(), out) == line.size();
}

int fail(const char* reason) {
    std::fprintf(stderr, "%s\n", reason);
    return 2;
}

}  // namespace

int main(int argc, char* argv[]) {
    if (argc != 3) return fail("usage: judge CASES VERDICTS");
    std::FILE* const in = std::fopen(argv[1], "rb");
    std::FILE* const out = std::fopen(argv[2], "wb");
    if (!in || !out) return fail("judge: cannot open a file");
    while (judge_next(in, out)) {
    }
    std::fclose(in);
    return std::fclose(out) == 0 ? 0 : 2;
}
