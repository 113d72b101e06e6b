// The reader keeps one level for each open object that it reads. For skipped values it only counts
// the depth.
#include "shared/protocol/frame_reader.hpp"

#include "shared/ensure.hpp"
#include "shared/protocol/validate.hpp"

namespace parley::protocol::detail {

std::size_t message_set::find(std::string_view type) const { return find_type(messages, type); }

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
        const std::size_t elements = at.field->count(at.field_owner);
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
    if (at_kind_) return read_kind(kind, value);
    const field_schema& field = *top().field;
    if (field.list && !top().in_list) return fail_kind(field);
    if (!take_element(field)) return true;
    return store(field, kind, value);
}

// An element of a list is counted before its value is checked: one too many is refused, whatever
// its value.
bool frame_reader::take_element(const field_schema& field) {
    if (!field.list || field.count(top().field_owner) < field.list_max) return true;
    top().in_list = false;  // the list is at fault, not its last element
    fail(too_many(path(), field.list_max));
    return false;
}

bool frame_reader::store(const field_schema& field, value_kind kind, void* value) {
    void* const slot = field.append_slot(top().field_owner);
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
    if (at_kind_) return read_kind(value_kind::boolean, nullptr);
    const field_schema& field = *top().field;
    if (field.list && !top().in_list) return fail_kind(field);
    if (!take_element(field)) return true;
    if (!field.object) return store(field, value_kind::boolean, nullptr);
    void* const owner = field.append_slot(top().field_owner);
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
    here.field = nullptr;
    const choice_schema* const choice = here.schema->choice;
    if (choice && name == choice->field) {
        if (here.kind_named) return fail(bad_field(path_of(name), "appears twice"));
        here.kind_named = at_kind_ = true;
        return true;
    }
    return find_field(here, name) || unknown_key(name);
}

// False: neither the object nor its kind has such a field.
bool frame_reader::find_field(level& here, const std::string& name) {
    return name_field(here, *here.schema, here.owner, here.seen, name) ||
           (here.kind && name_field(here, *here.kind, here.kind_owner, here.kind_seen, name));
}

bool frame_reader::name_field(level& here, const object_schema& schema, void* owner,
                              std::uint64_t& seen, const std::string& name) {
    std::size_t index = 0;
    while (index < schema.fields.size() && schema.fields[index].name != name) ++index;
    if (index == schema.fields.size()) return false;
    here.field = &schema.fields[index];
    here.field_owner = owner;
    const std::uint64_t bit = 1ULL << index;
    if (seen & bit) return fail(bad_field(path(), "appears twice"));
    seen |= bit;
    return true;
}

bool frame_reader::read_kind(value_kind kind, const void* value) {
    at_kind_ = false;
    level& here = top();
    const choice_schema& choice = *here.schema->choice;
    if (kind != value_kind::text || !value)
        return fail(bad_field(path_of(choice.field), "must be a string"));
    const std::size_t index = find_type(choice.kinds, *static_cast<const std::string*>(value));
    here.kind_owner = choice.emplace(here.owner, index);
    if (index < choice.kinds.size()) here.kind = choice.kinds[index]->object;
    return true;
}

std::string frame_reader::path_of(std::string_view name) const {
    const std::string owner = path();
    return owner.empty() ? std::string(name) : owner + "." + std::string(name);
}

bool frame_reader::unknown_key(const std::string& name) {
    if (!set_.skip_unknown_fields) {
        return fail(bad_field(path_of(name), "there is no such field"));
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
    if (lacks_field(done, *done.schema, done.owner, done.seen)) return true;
    if (done.schema->choice && !done.kind_named)
        return fail(bad_field(path_of(done.schema->choice->field), "is missing"));
    if (done.kind && lacks_field(done, *done.kind, done.kind_owner, done.kind_seen)) return true;
    --depth_of_levels_;
    return true;
}

// True: the fault was noted.
bool frame_reader::lacks_field(level& done, const object_schema& schema, void* owner,
                               std::uint64_t seen) {
    for (std::size_t i = 0; i < schema.fields.size(); ++i) {
        const field_schema& field = schema.fields[i];
        if (!field.required || (seen >> i & 1)) continue;
        if (set_.id_is_optional && depth_ == 0 && field.name == "id") continue;
        done.field = &field;
        done.field_owner = owner;
        return fail(bad_field(path(), "is missing"));
    }
    return false;
}

bool frame_reader::start_array(std::size_t) {
    ++depth_;
    if (passive()) return true;
    if (depth_ == 1) return fail({.code = error_code::bad_frame, .message = "not a JSON object"});
    if (at_type_) return read_type(value_kind::boolean, nullptr);
    if (at_kind_) return read_kind(value_kind::boolean, nullptr);
    const field_schema& field = *top().field;
    if (field.list && !top().in_list) {
        top().in_list = true;
        if (field.begin_list) field.begin_list(top().field_owner);
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
