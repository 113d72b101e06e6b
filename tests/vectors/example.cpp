// One recursion over the tables. Values come from the rules' examples, or are the smallest that the
// rules allow.
#include "tests/vectors/example.hpp"

namespace parley::vectors {

using protocol::field_schema;
using protocol::object_schema;
using protocol::rule;
using protocol::value_kind;

namespace {

struct writer {
    extent fields;
    size values;
    const edit& change;

    long_text element(const field_schema& field, field_path inside) const {
        if (field.object) return "{" + members(*field.object, inside, false) + "}";
        return value_text(*field.value, values);
    }

    long_text value(const field_schema& field, field_path inside) const {
        return field.list ? "[" + element(field, inside) + "]" : element(field, inside);
    }

    // `path` begins with the field at hand when that one is meant, and is empty otherwise.
    long_text member(const field_schema& field, field_path path) const {
        const bool here = path.size() == 1;
        const long_text key = quoted(field.name) + ":";
        if (here && change.act == edit::action::absent) return {};
        if (here && change.act == edit::action::value) return key + change.value;
        const long_text once = key + value(field, path.empty() ? path : path.subspan(1));
        if (here && change.act == edit::action::twice) return once + "," + once;
        if (here && change.act == edit::action::stranger_beside)
            return once + ",\"stranger\":[{\"id\":9}]";
        return once;
    }

    long_text members(const object_schema& schema, field_path path, bool first_written) const {
        long_text text;
        for (const field_schema& field : schema.fields) {
            const bool meant = !path.empty() && path.front() == &field;
            if (!meant && fields == extent::required && !field.required && field.name != "id")
                continue;
            const long_text next = member(field, meant ? path : field_path{});
            if (next.pieces().empty()) continue;
            if (first_written) text += ",";
            text += next;
            first_written = true;
        }
        if (!schema.choice) return text;
        const protocol::message_schema& kind = kind_for(*schema.choice, path);
        if (first_written) text += ",";
        text += quoted(schema.choice->field) + ":" + quoted(kind.type);
        return text + members(*kind.object, path, true);
    }

    // The one that has the field at hand, otherwise the one with the most fields.
    static const protocol::message_schema& kind_for(const protocol::choice_schema& choice,
                                                    field_path path) {
        const protocol::message_schema* longest = choice.kinds.front();
        for (const auto* kind : choice.kinds) {
            const auto kind_fields = kind->object->fields;
            for (const field_schema& field : kind_fields)
                if (!path.empty() && path.front() == &field) return *kind;
            if (kind_fields.size() > longest->object->fields.size()) longest = kind;
        }
        return *longest;
    }

    long_text message(const protocol::message_schema& schema, field_path path) const {
        return "{\"type\":" + long_text(quoted(schema.type)) + members(*schema.object, path, true) +
               "}";
    }
};

const edit no_edit{};

}  // namespace

// Examples and names are ASCII without controls.
std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

long_text value_text(const rule& rule, size values) {
    if (rule.kind == value_kind::text)
        return quoted(values == size::example ? std::string(rule.example)
                                              : std::string(rule.min, 'a'));
    if (rule.kind == value_kind::integer && values == size::smallest)
        return std::to_string(rule.min);
    return std::string(rule.example);
}

long_text object_text(const object_schema& schema, size values) {
    return "{" + writer{extent::required, values, no_edit}.members(schema, {}, false) + "}";
}

long_text field_text(const field_schema& field, std::size_t elements, size values) {
    const std::string element =
        (field.object ? object_text(*field.object, values) : value_text(*field.value, values))
            .bytes();
    if (!field.list) return element;
    if (elements == 0) return "[]";
    return "[" + long_text(element + ",", elements - 1) + element + "]";
}

long_text message_text(const protocol::message_schema& schema, field_path path,
                       const edit& change) {
    return writer{extent::required, size::example, change}.message(schema, path);
}

long_text message_text(const protocol::message_schema& schema, extent fields) {
    return writer{fields, size::example, no_edit}.message(schema, {});
}

}  // namespace parley::vectors
