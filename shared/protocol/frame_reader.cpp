// The reader keeps one level for each open object that it reads. For skipped values it only counts
// the depth.
#include "shared/protocol/frame_reader.hpp"

#include "shared/ensure.hpp"
#include "shared/protocol/validate.hpp"

namespace parley::protocol::detail {

std::size_t message_set::find(std::string_view type) const {
    std::size_t index = 0;
    while (index < messages.size() && messages[index]->type != type) ++index;
    return index;
}

fault unknown_type() {
    return {.code = error_code::unsupported,
            .field = "type",
            .message = "type: there is no such request"};
}

void frame_reader::begin_as(std::size_t index) {
    ensure(index < set_.messages.size() && !schema_);
    schema_ = set_.messages[index];
    levels_[0].schema = schema_->object;
    levels_[0].owner = set_.emplace(target_, index);
}

bool frame_reader::fail(fault first) {
    fault_ = std::move(first);
    return true;  // the rest is read for its id
}

// REQUIRES: a wrong element of a list was appended already, so that path() can name it.
bool frame_reader::fail_kind(const field_schema& field) {
    if (field.list && !top().in_list) return fail(bad_field(path(), "must be a list"));
    if (field.object) return fail(bad_field(path(), "must be an object"));
    return fail(beyond_rule(path(), *field.value));
}

std::string frame_reader::path() const {
    std::string path;
    for (std::size_t i = 0; i < depth_of_levels_; ++i) {
        const level& at = levels_[i];
        if (!at.field) break;
        if (i > 0) path += '.';
        if (!at.in_list) {
            path += at.field->name;
            continue;
        }
        const std::size_t elements = at.field->count(at.owner);
        ensure(elements > 0);
        path += element_path(at.field->name, elements - 1);
    }
    return path;
}

bool frame_reader::number_unsigned(json::number_unsigned_t value) {
    if (depth_ == 1 && at_id_ && !id_ && value <= limits::request_id_max) id_ = value;
    return scalar(value_kind::integer, &value);
}

bool frame_reader::skip_one() {
    if (skipping_ && depth_ == skip_depth_) skipping_ = false;
    return true;
}

bool frame_reader::scalar(value_kind kind, void* value) {
    if (passive()) return skip_one();
    if (depth_ == 0) return fail({.code = error_code::bad_frame, .message = "not a JSON object"});
    if (at_type_) return read_type(kind, value);
    const field_schema& field = *top().field;
    if (field.list && !top().in_list) return fail_kind(field);
    if (!take_element(field)) return true;
    return store(field, kind, value);
}

// An element of a list is counted before its value is checked: one too many is refused, whatever
// its value.
bool frame_reader::take_element(const field_schema& field) {
    if (!field.list || field.count(top().owner) < field.list_max) return true;
    top().in_list = false;  // the list is at fault, not its last element
    fail(too_many(path(), field.list_max));
    return false;
}

bool frame_reader::store(const field_schema& field, value_kind kind, void* value) {
    void* const slot = field.append_slot(top().owner);
    if (field.object || field.value->kind != kind || !value) return fail_kind(field);
    switch (kind) {
        case value_kind::boolean:
            *static_cast<bool*>(slot) = *static_cast<bool*>(value);
            return true;
        case value_kind::integer: {
            const auto number = *static_cast<std::uint64_t*>(value);
            if (!obeys(*field.value, number)) return fail_kind(field);
            *static_cast<std::uint64_t*>(slot) = number;
            return true;
        }
        case value_kind::text: {
            auto& text = *static_cast<std::string*>(value);
            if (!obeys(*field.value, text)) return fail_kind(field);
            *static_cast<std::string*>(slot) = std::move(text);
            return true;
        }
    }
    return true;
}

bool frame_reader::read_type(value_kind kind, const void* value) {
    at_type_ = false;
    if (kind != value_kind::text || !value)
        return fail({.code = schema_ ? error_code::bad_field : error_code::bad_frame,
                     .field = "type",
                     .message = "type: must be a string"});
    const std::size_t index = set_.find(*static_cast<const std::string*>(value));
    if (schema_) {
        if (index < set_.messages.size() && set_.messages[index] == schema_) return true;
        return fail(bad_field("type", "must be " + std::string(schema_->type)));
    }
    if (index == set_.messages.size()) return fail(unknown_type());
    begin_as(index);
    return true;
}

bool frame_reader::start_object(std::size_t) {
    ++depth_;
    if (passive()) return true;
    if (depth_ == 1) {
        depth_of_levels_ = 1;
        return true;
    }
    if (at_type_) return read_type(value_kind::boolean, nullptr);
    const field_schema& field = *top().field;
    if (field.list && !top().in_list) return fail_kind(field);
    if (!take_element(field)) return true;
    if (!field.object) return store(field, value_kind::boolean, nullptr);
    void* const owner = field.append_slot(top().owner);
    ensure(depth_of_levels_ < levels_max);
    levels_[depth_of_levels_++] = {.schema = field.object, .owner = owner};
    return true;
}

bool frame_reader::key(json::string_t& name) {
    if (depth_ == 1) at_id_ = name == "id";
    if (passive()) return true;
    if (depth_ == 1 && name == "type") {
        if (type_seen_) return fail(bad_field("type", "appears twice"));
        at_type_ = true;
        type_seen_ = true;
        return true;
    }
    if (!schema_) {
        type_came_late_ = true;
        return false;
    }
    level& here = top();
    const auto fields = here.schema->fields;
    std::size_t index = 0;
    while (index < fields.size() && fields[index].name != name) ++index;
    here.field = nullptr;
    if (index == fields.size()) return unknown_key(name);
    here.field = &fields[index];
    const std::uint64_t bit = 1ULL << index;
    if (here.seen & bit) return fail(bad_field(path(), "appears twice"));
    here.seen |= bit;
    return true;
}

bool frame_reader::unknown_key(const std::string& name) {
    if (!set_.skip_unknown_fields) {
        const std::string owner = path();
        return fail(bad_field(owner.empty() ? name : owner + "." + name, "there is no such field"));
    }
    skipping_ = true;
    skip_depth_ = depth_;
    return true;
}

bool frame_reader::end_object() {
    --depth_;
    if (passive()) return skip_one();
    return close_level();
}

bool frame_reader::close_level() {
    ensure(depth_of_levels_ > 0);
    level& done = top();
    done.field = nullptr;
    if (!schema_) return true;  // `{}`: the caller says that the type is missing
    for (std::size_t i = 0; i < done.schema->fields.size(); ++i) {
        const field_schema& field = done.schema->fields[i];
        if (!field.required || (done.seen >> i & 1)) continue;
        if (set_.id_is_optional && depth_ == 0 && field.name == "id") continue;
        done.field = &field;
        return fail(bad_field(path(), "is missing"));
    }
    --depth_of_levels_;
    return true;
}

bool frame_reader::start_array(std::size_t) {
    ++depth_;
    if (passive()) return true;
    if (depth_ == 1) return fail({.code = error_code::bad_frame, .message = "not a JSON object"});
    if (at_type_) return read_type(value_kind::boolean, nullptr);
    const field_schema& field = *top().field;
    if (field.list && !top().in_list) {
        top().in_list = true;
        return true;
    }
    if (!take_element(field)) return true;
    return store(field, value_kind::boolean, nullptr);
}

bool frame_reader::end_array() {
    --depth_;
    if (passive()) return skip_one();
    top().in_list = false;
    return true;
}

bool frame_reader::parse_error(std::size_t position, const std::string&, const json::exception&) {
    fault_ = fault{.code = error_code::bad_frame,
                   .message = "not JSON: see byte " + std::to_string(position)};
    return false;
}

}  // namespace parley::protocol::detail
