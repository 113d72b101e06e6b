// Checks a message in memory by the same rules as decoding, and words the faults of both.
#include "shared/protocol/validate.hpp"

#include "shared/protocol/text.hpp"

namespace parley::protocol {
namespace {

std::string range_of(const rule& rule) {
    if (rule.kind == value_kind::boolean) return std::string(rule.doc);
    const std::string unit = rule.kind == value_kind::text ? " bytes" : "";
    return std::to_string(rule.min) + " to " + std::to_string(rule.max) + unit + ", " +
           std::string(rule.doc);
}

std::optional<fault> validate_object(const object_schema& schema, const void* object,
                                     const std::string& owner);

std::optional<fault> validate_value(const field_schema& field, const void* value,
                                    const std::string& path) {
    if (field.object) return validate_object(*field.object, value, path + ".");
    if (field.value->kind == value_kind::integer &&
        !obeys(*field.value, *static_cast<const std::uint64_t*>(value)))
        return beyond_rule(path, *field.value);
    if (field.value->kind == value_kind::text &&
        !obeys(*field.value, *static_cast<const std::string*>(value)))
        return beyond_rule(path, *field.value);
    return std::nullopt;
}

std::optional<fault> validate_object(const object_schema& schema, const void* object,
                                     const std::string& owner) {
    for (const field_schema& field : schema.fields) {
        const std::size_t values = field.count(object);
        if (values == unset) continue;
        const std::string path = owner + std::string(field.name);
        for (std::size_t i = 0; i < values; ++i) {
            if (field.list && i == field.list_max) return too_many(path, field.list_max);
            if (auto fault = validate_value(field, field.at(object, i),
                                            field.list ? element_path(path, i) : path))
                return fault;
        }
    }
    if (!schema.choice) return std::nullopt;
    const std::size_t kind = schema.choice->index(object);
    if (kind == schema.choice->kinds.size()) return std::nullopt;
    return validate_object(*schema.choice->kinds[kind]->object, schema.choice->at(object), owner);
}

}  // namespace

fault bad_field(std::string path, std::string_view complaint) {
    path = std::string(cut_utf8(to_single_line(path), 128));
    std::string message = path + ": " + std::string(complaint);
    return {.code = error_code::bad_field,
            .field = std::move(path),
            .message = std::string(cut_utf8(message, limits::explanation_bytes_max))};
}

fault beyond_rule(std::string path, const rule& rule) {
    return bad_field(std::move(path), "must be " + range_of(rule));
}

fault too_many(std::string path, std::size_t elements_max) {
    return bad_field(std::move(path),
                     "must be at most " + std::to_string(elements_max) + " elements");
}

std::string element_path(std::string_view name, std::size_t index) {
    return std::string(name) + "[" + std::to_string(index) + "]";
}

error to_error(const fault& fault) {
    error answer;
    answer.id = fault.id;
    answer.code = std::string(to_word(fault.code));
    answer.message = fault.message;
    if (!fault.field.empty()) answer.field_at_fault = fault.field;
    return answer;
}

std::optional<fault> detail::validate(const object_schema& schema, const void* object) {
    return validate_object(schema, object, "");
}

}  // namespace parley::protocol
