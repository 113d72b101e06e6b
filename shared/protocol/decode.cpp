// Frames and HTTP bodies -> messages.
#include "shared/protocol/frame_reader.hpp"

#include <utility>

namespace parley::protocol {
namespace {

using detail::frame_reader;
using detail::message_set;
using nlohmann::json;

template <class Set, std::size_t... Indexes>
void* emplace_at(Set& set, std::size_t index, std::index_sequence<Indexes...>) {
    void* place = nullptr;
    (void)((Indexes == index ? (place = &set.template emplace<Indexes>(), true) : false) || ...);
    return place;
}

template <class Set>
message_set set_of(bool skip_unknown_fields, bool id_is_optional) {
    const auto emplace = [](void* set, std::size_t index) -> void* {
        return emplace_at(*static_cast<Set*>(set), index,
                          std::make_index_sequence<std::variant_size_v<Set>>{});
    };
    return {messages_in<Set>(), emplace, skip_unknown_fields, id_is_optional};
}

// Finds the top-level `type` of a frame that does not begin with it.
struct type_finder {
    std::size_t depth = 0;
    bool at_type = false;
    std::optional<std::string> type;

    bool scalar() { return at_type = false, true; }
    bool null() { return scalar(); }
    bool boolean(bool) { return scalar(); }
    bool number_integer(json::number_integer_t) { return scalar(); }
    bool number_unsigned(json::number_unsigned_t) { return scalar(); }
    bool number_float(json::number_float_t, const json::string_t&) { return scalar(); }
    bool string(json::string_t& value) {
        if (at_type && !type) type = value;
        return scalar();
    }
    bool binary(json::binary_t&) { return false; }
    bool start_object(std::size_t) { return ++depth, scalar(); }
    bool key(json::string_t& name) { return at_type = depth == 1 && name == "type", true; }
    bool end_object() { return --depth, true; }
    bool start_array(std::size_t) { return ++depth, scalar(); }
    bool end_array() { return --depth, true; }
    bool parse_error(std::size_t, const std::string&, const json::exception&) { return false; }
};

template <class Handler>
void parse(std::string_view text, Handler& handler) {
    json::sax_parse(text.begin(), text.end(), &handler, json::input_format_t::json, true);
}

std::optional<fault> refuse_bytes(std::string_view text, std::size_t bytes_max) {
    if (text.size() > bytes_max)
        return fault{
            error_code::too_large, "", "longer than " + std::to_string(bytes_max) + " bytes", {}};
    // The parser takes NUL for the end of its input, and would pass over what follows it.
    if (text.find('\0') != std::string_view::npos)
        return fault{error_code::bad_frame, "", "not JSON: a NUL byte", {}};
    return std::nullopt;
}

std::optional<fault> read_as(const message_set& set, void* target, std::string_view text,
                             std::size_t index) {
    frame_reader reader(set, target);
    reader.begin_as(index);
    parse(text, reader);
    auto found = reader.found();
    if (found) found->id = reader.id();
    return found;
}

std::optional<fault> read_late_typed(const message_set& set, void* target, std::string_view text) {
    type_finder finder;
    parse(text, finder);
    if (finder.type) {
        const std::size_t index = set.find(*finder.type);
        if (index < set.messages.size()) return read_as(set, target, text, index);
    }
    // Read it as the first type of all: only for its id, and to learn whether it is JSON.
    frame_reader reader(set, target);
    reader.begin_as(0);
    parse(text, reader);
    auto found = reader.found();
    if (!found || found->code != error_code::bad_frame)
        found = finder.type
                    ? fault{error_code::unsupported, "type", "type: there is no such request", {}}
                    : fault{error_code::bad_frame, "type", "an object without a type", {}};
    found->id = reader.id();
    return found;
}

std::optional<fault> read_frame(const message_set& set, void* target, std::string_view text,
                                std::size_t bytes_max) {
    if (auto refused = refuse_bytes(text, bytes_max)) return refused;
    frame_reader reader(set, target);
    parse(text, reader);
    if (reader.type_came_late()) return read_late_typed(set, target, text);
    auto found = reader.found();
    if (!found && !reader.has_type())
        found = fault{error_code::bad_frame, "type", "an object without a type", {}};
    if (found) found->id = reader.id();
    return found;
}

template <class Set>
decoded<Set> decode_frame(std::string_view frame, std::size_t bytes_max, bool skip_unknown_fields) {
    Set message;
    if (auto found =
            read_frame(set_of<Set>(skip_unknown_fields, false), &message, frame, bytes_max))
        return std::move(*found);
    return message;
}

template <class Set>
decoded<Set> decode_body(std::string_view type, std::string_view body) {
    const message_set set = set_of<Set>(false, true);
    const std::size_t index = set.find(type);
    if (index == set.messages.size())
        return fault{error_code::unsupported, "", "there is no such request", {}};
    if (auto refused = refuse_bytes(body, limits::frame_in_bytes_max)) return std::move(*refused);
    Set message;
    if (auto found = read_as(set, &message, body.empty() ? "{}" : body, index))
        return std::move(*found);
    return message;
}

}  // namespace

decoded<request> decode_request(std::string_view frame) {
    return decode_frame<request>(frame, limits::frame_in_bytes_max, false);
}

decoded<notice> decode_notice(std::string_view frame) {
    return decode_frame<notice>(frame, limits::frame_out_bytes_max, true);
}

decoded<request> decode_request_body(std::string_view type, std::string_view body) {
    return decode_body<request>(type, body);
}

decoded<account_request> decode_account_request_body(std::string_view type, std::string_view body) {
    return decode_body<account_request>(type, body);
}

}  // namespace parley::protocol
