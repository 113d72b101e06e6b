// Every text rule of the vocabulary at the first field that obeys it: each kind of letter, let in
// or kept out.
#include "tests/vectors/cases.hpp"
#include "tests/vectors/example.hpp"

#include <algorithm>

namespace parley::vectors {

using protocol::alphabet;
using protocol::error_code;
using protocol::rule;

namespace {

struct letter {
    const char* json;       // how the frame writes it
    const char* canonical;  // how it is written back
    std::vector<alphabet> members;
};

const std::vector<alphabet> all = {alphabet::name, alphabet::person, alphabet::token,
                                   alphabet::line, alphabet::prose,  alphabet::opaque};
const std::vector<alphabet> people = {alphabet::line, alphabet::prose, alphabet::opaque};
const std::vector<alphabet> breaks = {alphabet::prose, alphabet::opaque};
const std::vector<alphabet> secrets = {alphabet::opaque};

const std::vector<letter> letters = {
    {"09az_-", "09az_-", all},
    {"\\u0061", "a", all},
    {".",
     ".",
     {alphabet::name, alphabet::person, alphabet::line, alphabet::prose, alphabet::opaque}},
    {"AZ", "AZ", {alphabet::token, alphabet::line, alphabet::prose, alphabet::opaque}},
    {"~", "~", people},
    {" ", " ", people},
    {"\\/", "/", people},
    {"\\\"\\\\", "\\\"\\\\", people},
    {"`@[{^", "`@[{^", people},
    {"é€😀", "é€😀", people},
    {"\\u00e9\\u20AC\\ud83d\\uDE00", "é€😀", people},
    {"\\u00a0\\u2028\\uffff\\udbff\\udfff", "\u00a0\u2028\uffff\U0010ffff", people},
    {"\\n", "\\n", breaks},
    {"\\t", "\\t", breaks},
    {"\\u000a\\u0009", "\\n\\t", breaks},
    {"\\r", "\\u000d", secrets},
    {"\\b\\f\\u001F", "\\u0008\\u000c\\u001f", secrets},
    {"\x7f", "\x7f", secrets},
    {"\\u0080", "\xc2\x80", secrets},
    {"\xc2\x9f", "\xc2\x9f", secrets},
    {"\\u0000", "", {}},
};

// Long enough for every rule's smallest length, short enough for every largest.
const std::string padding(8, 'a');

void add_rule(const rule& rule, field_path path, const protocol::message_schema& schema,
              vector_case base, std::vector<vector_case>& cases) {
    const std::string name = std::string(rule.name) + ": ";
    const auto frame_with = [&](const long_text& inside) {
        return message_text(schema, path, {edit::action::value, "\"" + inside + "\""});
    };
    for (const letter& sample : letters) {
        const auto is_member = std::find(sample.members.begin(), sample.members.end(),
                                         rule.letters) != sample.members.end();
        vector_case next = base;
        next.name = name + "letters " + sample.json + (is_member ? "" : " are not of it");
        next.frame = frame_with(padding + sample.json);
        if (is_member) {
            next.refused.reset();
            next.canonical = frame_with(padding + sample.canonical);
        }
        cases.push_back(std::move(next));
    }
    if (rule.letters == alphabet::name || rule.letters == alphabet::person ||
        rule.letters == alphabet::token)
        return;
    base.name = name + "its longest is counted in bytes";
    base.frame = frame_with(long_text("é", rule.max / 2) + "a");
    cases.push_back(base);
    base.name = name + "its longest, of two bytes a letter";
    base.frame = frame_with(long_text("é", rule.max / 2));
    base.refused.reset();
    cases.push_back(base);
}

// A field of the message itself that holds text by a rule not seen before.
template <class Set>
void add_set(input set, std::vector<const rule*>& seen, std::vector<vector_case>& cases) {
    for (const protocol::message_schema* schema : protocol::messages_in<Set>()) {
        for (const protocol::field_schema& field : schema->object->fields) {
            const rule* const value = field.value;
            if (!value || field.list || value->kind != protocol::value_kind::text) continue;
            if (std::find(seen.begin(), seen.end(), value) != seen.end()) continue;
            seen.push_back(value);
            const bool has_id = schema->object->fields.front().name == "id";
            const refusal refused{error_code::bad_field, std::string(field.name),
                                  has_id ? std::optional<std::uint64_t>(7) : std::nullopt};
            const std::string type = set == input::account_body ? std::string(schema->type) : "";
            const protocol::field_schema* const path[] = {&field};
            add_rule(*value, path, *schema, {"", set, type, {}, refused}, cases);
        }
    }
}

}  // namespace

std::vector<vector_case> rule_cases() {
    std::vector<const rule*> seen;
    std::vector<vector_case> cases;
    add_set<protocol::request>(input::request, seen, cases);
    add_set<protocol::account_request>(input::account_body, seen, cases);
    add_set<protocol::notice>(input::notice, seen, cases);
    return cases;
}

}  // namespace parley::vectors
