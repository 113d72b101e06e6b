// What concerns a frame as a whole: JSON itself, bytes that are not text, type and id, order,
// depth, length.
#include "shared/protocol/limits.hpp"
#include "tests/vectors/cases.hpp"

namespace parley::vectors {

using protocol::error_code;
namespace limits = protocol::limits;

namespace {

constexpr auto bad_frame = error_code::bad_frame;
constexpr auto bad_field = error_code::bad_field;

const std::string ping = R"({"type":"ping","id":7})";
const std::string mark_to =
    R"({"type":"mark","id":7,"room":"lobby","seq":)";  // a number and a brace to go
const std::string say =
    R"({"type":"send","id":7,"room":"lobby","nonce":"n","text":")";  // letters, a quote, a brace
const std::string head = R"({"type":"head","room":"lobby","epoch":1,"top":42,"said":42})";

std::vector<vector_case> not_json() {
    const refusal no_id{bad_frame, "", {}}, with_id{bad_frame, "", 7};
    std::vector<vector_case> cases;
    for (const char* text : {"", " ", "nonsense", "{", "}", "null", "7", "\"x\"", "[]",
                             "[{\"type\":\"ping\",\"id\":7}]", "{type:\"ping\"}", "{'type':'ping'}",
                             "\xEF\xBB", "\xFE\xFF"})
        cases.push_back({std::string("not an object: ") + text, input::request, "", text, no_id});
    for (const std::string& text :
         {ping + " x", ping + ping, ping + "\n\n,", ping.substr(0, ping.size() - 1),
          ping.substr(0, ping.size() - 1) + ",}", ping + "//", "/**/" + ping + "]"})
        cases.push_back(
            {"not JSON: " + text, input::request, "", text, text[0] == '/' ? no_id : with_id});
    for (const char* number : {"01", "+1", "1.", ".5", "0x1", "1e", "NaN", "Infinity", "-", "1e999",
                               "1_000", "tru", "nil"})
        cases.push_back({std::string("not a number: ") + number, input::request, "",
                         mark_to + number + "}", with_id});
    for (const char* inside : {"\n", "\t", "\x1f", "\\x41", "\\u12", "\\u12G4", "\\'", "\\"})
        cases.push_back({std::string("not a string: ") + inside, input::request, "",
                         say + inside + "\"}", with_id});
    for (const char* inside :
         {"\\ud800", "\\udbffx", "\\udc00", "\\udc00\\ud800", "\\ud800\\ud800", "\\ud83d\\u0041"})
        cases.push_back({std::string("lone surrogate: ") + inside, input::request, "",
                         say + inside + "\"}", with_id});
    return cases;
}

// RFC 3629, section 4, and what surrounds its table.
std::vector<vector_case> not_utf8() {
    std::vector<vector_case> cases;
    for (const char* bytes :
         {"\x80", "\xBF", "\xC0\xAF", "\xC1\xBF", "\xC2", "\xC2\x41", "\xE0\x80\x80",
          "\xE0\x9F\xBF", "\xE2\x82", "\xE2\x28\xA1", "\xED\xA0\x80", "\xED\xBF\xBF",
          "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF", "\xF0\x9F\x98", "\xF4\x90\x80\x80",
          "\xF5\x80\x80\x80", "\xFE", "\xFF"})
        cases.push_back(
            {"not UTF-8", input::request, "", say + bytes + "\"}", refusal{bad_frame, "", 7}});
    const std::string nul(1, '\0');
    for (const std::string& text : {ping + nul, nul + ping, ping + nul + "x", say + nul + "\"}"})
        cases.push_back({"a NUL byte", input::request, "", text, refusal{bad_frame, "", {}}});
    return cases;
}

std::vector<vector_case> numbers() {
    std::vector<vector_case> cases;
    for (const char* number :
         {"9007199254740992", "18446744073709551615", "18446744073709551616", "-0", "-1", "0.5",
          "42.0", "1e2", "1E+2", "1e-400", "-9223372036854775809"})
        cases.push_back({std::string("not a sequence: ") + number, input::request, "",
                         mark_to + number + "}", refusal{bad_field, "seq", 7}});
    cases.push_back({"a number of 300 digits", input::request, "",
                     mark_to + long_text("9", 300) + "}", refusal{bad_field, "seq", 7}});
    for (const char* id : {"4294967296", "-1", "7.0", "\"7\"", "null", "[7]", "{\"id\":7}"})
        cases.push_back({std::string("not an id: ") + id, input::request, "",
                         std::string(R"({"type":"ping","id":)") + id + "}",
                         refusal{bad_field, "id", {}}});
    return cases;
}

std::vector<vector_case> types() {
    const auto request = input::request;
    return {
        {"no type", request, "", "{}", refusal{bad_frame, "type", {}}},
        {"no type but an id", request, "", R"({"id":7,"room":"lobby"})",
         refusal{bad_frame, "type", 7}},
        {"no type at the top", request, "", R"({"id":7,"room":{"type":"ping"}})",
         refusal{bad_frame, "type", 7}},
        {"type is null", request, "", R"({"type":null,"id":7})", refusal{bad_frame, "type", 7}},
        {"type is a number", request, "", R"({"type":1,"id":7})", refusal{bad_frame, "type", 7}},
        {"type is an object", request, "", R"({"type":{"type":"ping"},"id":7})",
         refusal{bad_frame, "type", 7}},
        {"type is a list", request, "", R"({"type":["ping"],"id":7})",
         refusal{bad_frame, "type", 7}},
        {"unknown type", request, "", R"({"type":"dance","id":7,"x":[{}]})",
         refusal{error_code::unsupported, "type", 7}},
        {"unknown type after the id", request, "", R"({"id":7,"type":"dance"})",
         refusal{error_code::unsupported, "type", 7}},
        {"unknown type, not JSON", request, "", R"({"type":"dance","id":7)",
         refusal{bad_frame, "", 7}},
        {"a type of HTTP alone", request, "", R"({"type":"whoami","id":7})",
         refusal{error_code::unsupported, "type", 7}},
        {"a notice is no request", request, "", R"({"type":"bye","id":7})",
         refusal{error_code::unsupported, "type", 7}},
        {"type in capitals", request, "", R"({"type":"Ping","id":7})",
         refusal{error_code::unsupported, "type", 7}},
        {"type twice", request, "", R"({"type":"ping","type":"ping","id":7})",
         refusal{bad_field, "type", 7}},
        {"two types", request, "", R"({"type":"ping","id":7,"type":"mark"})",
         refusal{bad_field, "type", 7}},
        {"type last", request, "", R"({"id":7,"type":"ping"})", {}, ping},
        {"type late and twice", request, "", R"({"id":7,"type":"ping","type":"ping"})",
         refusal{bad_field, "type", 7}},
        {"type late, not JSON", request, "", R"({"id":7,"type":"ping")", refusal{bad_frame, "", 7}},
        {"type never came, not JSON", request, "", R"({"id":7,"room":"lobby")",
         refusal{bad_frame, "", 7}},
        {"type late, then a fault", request, "", R"({"id":7,"room":1,"type":"join"})",
         refusal{bad_field, "room", 7}},
    };
}

std::vector<vector_case> order() {
    const auto request = input::request;
    return {
        {"fields in any order",
         request,
         "",
         R"({"seq":42,"room":"lobby","id":7,"type":"mark"})",
         {},
         mark_to + "42}"},
        {"white space", request, "", "\t{ \"type\" :\r\n\"ping\" , \"id\":7 } ", {}, ping},
        {"a byte order mark", request, "", "\xEF\xBB\xBF" + ping, {}, ping},
        {"keys with escapes", request, "", R"({"typ\u0065":"pin\u0067","\u0069d":7})", {}, ping},
        {"the same key, spelled in two ways", request, "", R"({"type":"ping","id":7,"\u0069d":7})",
         refusal{bad_field, "id", 7}},
        {"id after the fault", request, "", R"({"type":"mark","room":"","seq":1,"id":7})",
         refusal{bad_field, "room", 7}},
        {"id after a nested fault", request, "",
         R"({"type":"mark","room":{"id":[9,{"id":9}]},"seq":1,"id":7})",
         refusal{bad_field, "room", 7}},
        {"an id elsewhere is none", request, "", R"({"type":"mark","room":{"id":9},"seq":1})",
         refusal{bad_field, "room", {}}},
        {"the second id when the first is none", request, "", R"({"type":"ping","id":"x","id":7})",
         refusal{bad_field, "id", 7}},
        {"the first of two ids", request, "", R"({"type":"ping","id":7,"id":8})",
         refusal{bad_field, "id", 7}},
        {"the first fault is named", request, "",
         R"({"type":"mark","id":7,"room":"","seq":-1,"x":1})", refusal{bad_field, "room", 7}},
        {"a fault before what is missing", request, "", R"({"type":"mark","id":7,"seq":-1})",
         refusal{bad_field, "seq", 7}},
        {"the first that is missing", request, "", R"({"type":"send","id":7})",
         refusal{bad_field, "room", 7}},
        {"bad JSON before all else", request, "", R"({"type":"mark","room":"","seq":-1,"id":7)",
         refusal{bad_frame, "", 7}},
        {"a nested path", request, "",
         R"({"type":"hello","id":7,"client":"c","resume":[{"room":"a","epoch":1,"seq":0},{"room":"a","epoch":1,"seq":-1}]})",
         refusal{bad_field, "resume[1].seq", 7}},
        {"a nested field is missing", request, "",
         R"({"type":"hello","id":7,"client":"c","resume":[{"room":"a","epoch":1}]})",
         refusal{bad_field, "resume[0].seq", 7}},
        {"a stranger without a name", request, "", R"({"type":"ping","id":7,"":1})",
         refusal{bad_field, "", 7}},
        {"a stranger with controls in its name", request, "",
         R"({"type":"ping","id":7,"a\nb\u0000c":1})", refusal{bad_field, "a b c", 7}},
    };
}

std::vector<vector_case> depth_and_length() {
    const auto request = input::request;
    const long_text deep = long_text("[", 30'000) + long_text("]", 30'000);
    const auto padded = [](const std::string& frame, std::size_t bytes) {
        return long_text(" ", bytes - frame.size()) + frame;
    };
    return {
        {"only opening brackets", request, "", long_text("[", limits::frame_in_bytes_max),
         refusal{bad_frame, "", {}}},
        {"only opening braces", request, "", long_text("{\"a\":", 13'000),
         refusal{bad_frame, "", {}}},
        {"deeper than the schema", request, "", mark_to + deep + "}", refusal{bad_field, "seq", 7}},
        {"a deep stranger", request, "", R"({"type":"ping","id":7,"x":)" + deep + "}",
         refusal{bad_field, "x", 7}},
        {"a stranger with a long name", request, "",
         R"({"type":"ping","id":7,")" + long_text("x", 200) + "\":1}",
         refusal{bad_field, std::string(128, 'x'), 7}},
        {"longest frame", request, "", padded(ping, limits::frame_in_bytes_max), {}, ping},
        {"longer than the longest frame", request, "", padded(ping, limits::frame_in_bytes_max + 1),
         refusal{error_code::too_large, "", {}}},
        {"longest text, all escaped",
         request,
         "",
         say + long_text("\\n", limits::text_bytes_max) + "\"}",
         {}},
        {"longest notice", input::notice, "", padded(head, limits::frame_out_bytes_max), {}, head},
        {"longer than the longest notice", input::notice, "",
         padded(head, limits::frame_out_bytes_max + 1), refusal{error_code::too_large, "", {}}},
    };
}

std::vector<vector_case> notices() {
    const auto notice = input::notice;
    return {
        {"strangers are skipped",
         notice,
         "",
         R"({"type":"head","x":null,"room":"lobby","y":[[],{"a":[1,-2.5e3,"s"],"a":{}}],"epoch":1,"top":42,"said":42,"x":{}})",
         {},
         head},
        {"strangers before the type",
         notice,
         "",
         R"({"x":{"type":"bye"},"room":"lobby","type":"head","epoch":1,"top":42,"said":42})",
         {},
         head},
        {"a deep stranger is skipped",
         notice,
         "",
         R"({"type":"head","x":)" + long_text("[", 100'000) + long_text("]", 100'000) +
             R"(,"room":"lobby","epoch":1,"top":42,"said":42})",
         {},
         head},
        {"a stranger that is not JSON", notice, "",
         R"({"type":"head","x":[1,],"room":"lobby","epoch":1,"top":42,"said":42})",
         refusal{bad_frame, "", {}}},
        {"a stranger does not stand for a field", notice, "",
         R"({"type":"head","x":{"room":"lobby"},"epoch":1,"top":42,"said":42})",
         refusal{bad_field, "room", {}}},
        {"unknown notice", notice, "", R"({"type":"news","id":7})",
         refusal{error_code::unsupported, "type", 7}},
        {"not JSON", notice, "", "Service Unavailable", refusal{bad_frame, "", {}}},
    };
}

// A run of one event, whose kind is still to be named.
std::string run_with(const std::string& kind) {
    return R"({"type":"events","room":"lobby","epoch":1,"events":[{"seq":1,"at":1,"author":"ann")" +
           kind + "}]}";
}

std::vector<vector_case> kinds() {
    std::vector<vector_case> cases;
    const auto accepted = [&](const std::string& name, const std::string& kind,
                              const std::string& canonical) {
        cases.push_back({name, input::notice, "", run_with(kind), {}, run_with(canonical)});
    };
    const auto refused = [&](const std::string& name, const std::string& kind,
                             const std::string& field) {
        cases.push_back({name, input::notice, "", run_with(kind),
                         refusal{bad_field, "events[0]." + field, {}}});
    };
    for (const std::string kind : {"joined", "left", "message"})
        accepted("a kind without fields: " + kind, R"(,"kind":")" + kind + R"(")",
                 R"(,"kind":")" + kind + R"(")");
    accepted("an unknown kind", R"(,"kind":"waved","target":[1],"text":{})",
             R"(,"kind":"unknown")");
    accepted("a kind in capitals is unknown", R"(,"kind":"Joined")", R"(,"kind":"unknown")");
    accepted("a kind before the fields of its record",
             R"(,"kind":"created","title":"x","said":1,"nonce":"n")",
             R"(,"said":1,"nonce":"n","kind":"created","title":"x")");
    accepted("fields of another kind are skipped", R"(,"kind":"left","title":"x","target":1)",
             R"(,"kind":"left")");
    refused("no kind", "", "kind");
    for (const char* wrong : {"1", "null", "{}", "[\"joined\"]"})
        refused(std::string("a kind that is none: ") + wrong, std::string(R"(,"kind":)") + wrong,
                "kind");
    refused("two kinds", R"(,"kind":"joined","kind":"joined")", "kind");
    refused("a field of the kind before the kind", R"(,"title":"x","kind":"created")", "title");
    refused("a field of the kind twice", R"(,"kind":"deleted","target":1,"target":1)", "target");
    refused("a kind without what it requires", R"(,"kind":"edited","target":1)", "base");
    return cases;
}

std::vector<vector_case> bodies() {
    const auto body = input::request_body, account = input::account_body;
    const std::string long_poll = R"({"type":"history","id":0,"room":"lobby","limit":50})";
    return {
        {"without type and id", body, "history", R"({"room":"lobby","limit":50})", {}, long_poll},
        {"with type and id", body, "ping", ping, {}},
        {"with an id", body, "ping", R"({"id":7})", {}, ping},
        {"with a wrong id", body, "ping", R"({"id":-7})", refusal{bad_field, "id", {}}},
        {"with another type", body, "ping", R"({"type":"mark","id":7})",
         refusal{bad_field, "type", 7}},
        {"with a type that is none", body, "ping", R"({"type":1,"id":7})",
         refusal{bad_field, "type", 7}},
        {"with the type twice", body, "ping", R"({"type":"ping","type":"ping"})",
         refusal{bad_field, "type", {}}},
        {"with a stranger", body, "ping", R"({"x":1})", refusal{bad_field, "x", {}}},
        {"without what is required", body, "history", R"({"id":7,"room":"lobby"})",
         refusal{bad_field, "limit", 7}},
        {"nothing where nothing is required", body, "ping", "", {}, R"({"type":"ping","id":0})"},
        {"nothing where something is required", body, "join", "", refusal{bad_field, "room", {}}},
        {"a space is not nothing", body, "ping", " ", refusal{bad_frame, "", {}}},
        {"a list", body, "ping", "[]", refusal{bad_frame, "", {}}},
        {"to no such type", body, "dance", "{}", refusal{error_code::unsupported, "", {}}},
        {"to an account's type", body, "whoami", "{}", refusal{error_code::unsupported, "", {}}},
        {"to a request's type", account, "ping", "{}", refusal{error_code::unsupported, "", {}}},
        {"nothing to whoami", account, "whoami", "", {}, R"({"type":"whoami"})"},
        {"longest body",
         account,
         "whoami",
         "{" + long_text(" ", limits::frame_in_bytes_max - 2) + "}",
         {},
         R"({"type":"whoami"})"},
        {"longer than the longest body", account, "whoami",
         "{" + long_text(" ", limits::frame_in_bytes_max - 1) + "}",
         refusal{error_code::too_large, "", {}}},
    };
}

}  // namespace

std::vector<vector_case> frame_cases() {
    std::vector<vector_case> all;
    for (const auto& group : {not_json(), not_utf8(), numbers(), types(), order(),
                              depth_and_length(), notices(), kinds(), bodies()})
        all.insert(all.end(), group.begin(), group.end());
    return all;
}

}  // namespace parley::vectors
