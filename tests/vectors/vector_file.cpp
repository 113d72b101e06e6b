// The cases as JSON, one a line. A text is a string, or a list of strings, {"repeat", "times"} and
// {"base64"}.
#include "tests/vectors/cases.hpp"

#include "shared/protocol/text.hpp"

#include <nlohmann/json.hpp>

namespace parley::vectors {

using json = nlohmann::ordered_json;

namespace {

std::string base64(const std::string& bytes) {
    static constexpr char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        unsigned group = 0;
        for (std::size_t k = 0; k < 3; ++k)
            group = group << 8 | (i + k < bytes.size() ? (unsigned char)bytes[i + k] : 0u);
        for (std::size_t k = 0; k < 4; ++k)
            out += i + k <= bytes.size() ? digits[group >> (18 - 6 * k) & 63] : '=';
    }
    return out;
}

json piece_json(const piece& piece) {
    const bool plain = protocol::is_utf8(piece.text);
    if (piece.times == 1) return plain ? json(piece.text) : json{{"base64", base64(piece.text)}};
    return {{"repeat", piece.text}, {"times", piece.times}};
}

json text_json(const long_text& text) {
    if (text.pieces().size() == 1 && text.pieces()[0].times == 1)
        return piece_json(text.pieces()[0]);
    json list = json::array();
    for (const piece& piece : text.pieces()) list.push_back(piece_json(piece));
    return list;
}

json refusal_json(const refusal& refused) {
    json out = {{"code", protocol::to_word(refused.code)}, {"field", refused.field}};
    if (refused.id) out["id"] = *refused.id;
    return out;
}

// A name may quote bytes that are not text.
std::string name_text(const std::string& name) {
    return name.substr(0, protocol::valid_utf8_prefix(name));
}

json case_json(const vector_case& vector) {
    json out = {{"name", name_text(vector.name)}, {"set", to_word(vector.set)}};
    if (!vector.type.empty()) out["type"] = vector.type;
    out["frame"] = text_json(vector.frame);
    if (vector.refused)
        out["error"] = refusal_json(*vector.refused);
    else
        out["ok"] = vector.canonical ? text_json(*vector.canonical) : json(true);
    return out;
}

}  // namespace

std::string_view to_word(input input) {
    static constexpr std::string_view words[] = {"request", "notice", "account_body",
                                                 "request_body"};
    static_assert(std::size(words) == static_cast<std::size_t>(input::request_body) + 1);
    return words[static_cast<std::size_t>(input)];
}

std::vector<vector_case> all_cases() {
    std::vector<vector_case> all;
    for (const auto& group : {frame_cases(), rule_cases(), field_cases()})
        all.insert(all.end(), group.begin(), group.end());
    return all;
}

std::string vector_file() {
    std::string out =
        "{\"about\": [\"Generated: make protocol. Frames of parley.1 and what must come of "
        "each.\",\n"
        "\"set: request and notice are WebSocket frames from a browser and from a server; "
        "account_body and "
        "request_body\",\n"
        "\"are bodies of POST /api/1/<type>. ok: the canonical encoding, or true when the frame is "
        "that already.\",\n"
        "\"error: code and field of the first fault, and the id when it can be read. A frame is a "
        "string, or a list "
        "of\",\n"
        "\"strings, {repeat, times} and {base64} to be joined.\"],\n\"cases\": [\n";
    bool first = true;
    for (const vector_case& vector : all_cases()) {
        if (!first) out += ",\n";
        first = false;
        out += case_json(vector).dump();
    }
    return out + "\n]}\n";
}

}  // namespace parley::vectors
