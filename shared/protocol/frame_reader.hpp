// Receives nlohmann's SAX events and writes the values straight into a message, by its table. After
// the first fault it reads on only to find the request's id, so that the error can name it.
#pragma once

#include "shared/protocol/codec.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace parley::protocol::detail {

// The messages that a frame may be, and a function that makes the caller's variant one of them.
struct message_set {
    std::span<const message_schema* const> messages;
    void* (*emplace)(void* set, std::size_t index);
    bool skip_unknown_fields;
    bool id_is_optional;  // over HTTP, where an answer needs no id, although the table requires it

    // Index of the type, or messages.size().
    std::size_t find(std::string_view type) const;
};

template <class Set, std::size_t... Indexes>
void* emplace_at(Set& set, std::size_t index, std::index_sequence<Indexes...>) {
    void* message = nullptr;
    const auto emplace = [&]<std::size_t Index>(std::integral_constant<std::size_t, Index>) {
        if (Index == index) message = &set.template emplace<Index>();
    };
    (emplace(std::integral_constant<std::size_t, Indexes>{}), ...);
    return message;
}

template <class Set>
message_set set_of(bool skip_unknown_fields, bool id_is_optional) {
    const auto emplace = [](void* set, std::size_t index) -> void* {
        return emplace_at(*static_cast<Set*>(set), index,
                          std::make_index_sequence<std::variant_size_v<Set>>{});
    };
    return {.messages = messages_in<Set>(),
            .emplace = emplace,
            .skip_unknown_fields = skip_unknown_fields,
            .id_is_optional = id_is_optional};
}

// Reads one frame into `target`, the variant that `set.emplace` expects.
std::optional<fault> read_frame(const message_set& set, void* target, std::string_view text,
                                std::size_t bytes_max);

template <class Set>
decoded<Set> decode_frame(std::string_view frame, std::size_t bytes_max, bool skip_unknown_fields) {
    Set message;
    const message_set set = set_of<Set>(skip_unknown_fields, false);
    if (auto fault = read_frame(set, &message, frame, bytes_max)) return std::move(*fault);
    return message;
}

class frame_reader {
public:
    using json = nlohmann::json;

    // REQUIRES: `target` is the variant that `set.emplace` expects.
    frame_reader(const message_set& set, void* target) : set_(set), target_(target) {}

    // For a type that is known before the frame is read: from the path of an HTTP request, or from
    // an earlier pass. REQUIRES: index < set.messages.size(), and nothing was read yet.
    void begin_as(std::size_t index);

    // The results.
    bool type_came_late() const { return type_came_late_; }
    const std::optional<fault>& first_fault() const { return fault_; }
    std::optional<std::uint64_t> id() const { return id_; }
    bool has_type() const { return schema_ != nullptr; }

    // The interface of nlohmann::json::sax_parse; false stops the parser.
    bool null() { return scalar(value_kind::boolean, nullptr); }
    bool boolean(bool value) { return scalar(value_kind::boolean, &value); }
    bool number_integer(json::number_integer_t) { return scalar(value_kind::integer, nullptr); }
    bool number_unsigned(json::number_unsigned_t value);
    bool number_float(json::number_float_t, const json::string_t&) {
        return scalar(value_kind::integer, nullptr);
    }
    bool string(json::string_t& value) { return scalar(value_kind::text, &value); }
    bool binary(json::binary_t&) { return false; }
    bool start_object(std::size_t);
    bool key(json::string_t& name);
    bool end_object();
    bool start_array(std::size_t);
    bool end_array();
    bool parse_error(std::size_t position, const std::string& token, const json::exception& error);

private:
    // An object that is being read.
    struct level {
        const object_schema* schema = nullptr;
        void* owner = nullptr;
        std::uint64_t seen = 0;               // a bit for each field that has come
        const object_schema* kind = nullptr;  // that was chosen, if any
        void* kind_owner = nullptr;
        std::uint64_t kind_seen = 0;
        bool kind_named = false;
        const field_schema* field = nullptr;  // named by the last key
        void* field_owner = nullptr;          // what has it: `owner` or `kind_owner`
        bool in_list = false;
    };
    static constexpr std::size_t levels_max = 4;

    bool scalar(value_kind kind, void* value);
    bool read_type(value_kind kind, const void* value);
    bool read_kind(value_kind kind, const void* value);
    bool find_field(level& here, const std::string& name);
    bool name_field(level& here, const object_schema& schema, void* owner, std::uint64_t& seen,
                    const std::string& name);
    bool lacks_field(level& done, const object_schema& schema, void* owner, std::uint64_t seen);
    bool store(const field_schema& field, value_kind kind, void* value);
    bool unknown_key(const std::string& name);
    bool skip_one();
    bool close_level();
    bool take_element(const field_schema& field);
    level& top() { return levels_[depth_of_levels_ - 1]; }
    std::string path() const;  // of the field at hand; without one, of its object
    std::string path_of(std::string_view name) const;  // in the object at hand
    bool fail(fault first);
    bool fail_kind(const field_schema& field);
    bool passive() const { return fault_.has_value() || skipping_; }

    const message_set& set_;
    void* target_;
    const message_schema* schema_ = nullptr;
    std::array<level, levels_max> levels_{};
    std::size_t depth_of_levels_ = 0;
    std::size_t depth_ = 0;       // of the JSON text, whether read or skipped
    std::size_t skip_depth_ = 0;  // where the skipped value began
    bool skipping_ = false;
    bool at_type_ = false;
    bool at_id_ = false;
    bool at_kind_ = false;
    bool type_seen_ = false;
    bool type_came_late_ = false;
    std::optional<std::uint64_t> id_;
    std::optional<fault> fault_;
};

// The fault of a `type` that no message of the set has.
fault unknown_type();

}  // namespace parley::protocol::detail
