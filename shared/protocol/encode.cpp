// Encodes messages as canonical JSON: `type` first, fields in the order of declaration, no spaces,
// no escapes but those that JSON requires.
#include "shared/protocol/codec.hpp"
#include "shared/protocol/json_text.hpp"

#include <charconv>

namespace parley::protocol::detail {
namespace {

void write_integer(std::string& out, std::uint64_t value) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    out.append(digits, end);
}

void write_object(std::string& out, const object_schema& schema, const void* object, bool first);

void write_value(std::string& out, const field_schema& field, const void* value) {
    if (field.object) {
        write_object(out, *field.object, value, true);
        out += '}';
        return;
    }
    switch (field.value->kind) {
        case value_kind::boolean: out += *static_cast<const bool*>(value) ? "true" : "false"; break;
        case value_kind::integer:
            write_integer(out, *static_cast<const std::uint64_t*>(value));
            break;
        case value_kind::text:
            append_json_text(out, *static_cast<const std::string*>(value));
            break;
    }
}

void write_field(std::string& out, const field_schema& field, const void* owner,
                 std::size_t values) {
    out += '"';
    out += field.name;
    out += "\":";
    if (!field.list) return write_value(out, field, field.at(owner, 0));
    out += '[';
    for (std::size_t i = 0; i < values; ++i) {
        if (i > 0) out += ',';
        write_value(out, field, field.at(owner, i));
    }
    out += ']';
}

void write_choice(std::string& out, const choice_schema& choice, const void* owner, bool first) {
    const std::size_t index = choice.index(owner);
    const bool is_known = index < choice.kinds.size();
    if (!first) out += ',';
    out += '"';
    out += choice.field;
    out += "\":\"";
    out += is_known ? choice.kinds[index]->type : unknown_kind::word;
    out += '"';
    if (is_known) write_object(out, *choice.kinds[index]->object, choice.at(owner), false);
}

// Everything but the closing brace.
void write_object(std::string& out, const object_schema& schema, const void* object, bool first) {
    if (first) out += '{';
    for (const field_schema& field : schema.fields) {
        const std::size_t values = field.count(object);
        const bool is_nothing = values == 0 && !field.required && !field.begin_list;
        if (values == unset || is_nothing) continue;
        if (!first) out += ',';
        first = false;
        write_field(out, field, object, values);
    }
    if (schema.choice) write_choice(out, *schema.choice, object, first);
}

}  // namespace

std::string encode_object(const object_schema& schema, const void* object) {
    std::string out;
    write_object(out, schema, object, true);
    out += '}';
    return out;
}

std::string encode(const message_schema& schema, const void* message) {
    std::string out;
    out.reserve(192);
    out += "{\"type\":\"";
    out += schema.type;
    out += '"';
    write_object(out, *schema.object, message, false);
    out += '}';
    return out;
}

}  // namespace parley::protocol::detail

namespace parley::protocol {

namespace {

template <class Body>
std::string encode_kind(const Body& body) {
    return std::visit(
        [](const auto& kind) -> std::string {
            using kind_type = std::decay_t<decltype(kind)>;
            if constexpr (std::is_same_v<kind_type, unknown_kind>)
                return "{}";
            else
                return detail::encode_object(schema_of<kind_type>, &kind);
        },
        body);
}

}  // namespace

std::string encode_body(const event_body& body) { return encode_kind(body); }
std::string encode_body(const personal_body& body) { return encode_kind(body); }

std::size_t personal_weight(const personal_body& body) {
    return encode_body(body).size() + limits::personal_record_bytes;
}

}  // namespace parley::protocol
