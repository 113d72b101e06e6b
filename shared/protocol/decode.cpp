// Decodes frames and HTTP bodies: chooses the message by its type and lets the frame reader fill
// it.
#include "shared/protocol/frame_reader.hpp"

#include <utility>

namespace parley::protocol {
namespace {

using detail::decode_frame;
using detail::frame_reader;
using detail::message_set;
using detail::set_of;
using detail::unknown_type;
using nlohmann::json;

// Finds the top-level `type` of a frame that does not begin with it.
struct type_finder {
    std::size_t depth = 0;
    bool at_type = false;
    std::optional<std::string> type;

    bool scalar() {
        at_type = false;
        return true;
    }
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
    bool start_object(std::size_t) { return enter(); }
    bool key(json::string_t& name) {
        at_type = depth == 1 && name == "type";
        return true;
    }
    bool end_object() { return leave(); }
    bool start_array(std::size_t) { return enter(); }
    bool end_array() { return leave(); }
    bool parse_error(std::size_t, const std::string&, const json::exception&) { return false; }

    bool enter() {
        ++depth;
        return scalar();
    }
    bool leave() {
        --depth;
        return true;
    }
};

template <class Handler>
void parse(std::string_view text, Handler& handler) {
    json::sax_parse(text.begin(), text.end(), &handler, json::input_format_t::json, true);
}

std::optional<fault> refuse_bytes(std::string_view text, std::size_t bytes_max) {
    if (text.size() > bytes_max)
        return fault{.code = error_code::too_large,
                     .message = "longer than " + std::to_string(bytes_max) + " bytes"};
    // The parser takes NUL for the end of its input and would ignore the rest.
    if (text.find('\0') != std::string_view::npos)
        return fault{.code = error_code::bad_frame, .message = "not JSON: a NUL byte"};
    return std::nullopt;
}

fault missing_type() {
    return {.code = error_code::bad_frame, .field = "type", .message = "an object without a type"};
}

std::optional<fault> read_as(const message_set& set, void* target, std::string_view text,
                             std::size_t index) {
    frame_reader reader(set, target);
    reader.begin_as(index);
    parse(text, reader);
    auto first = reader.first_fault();
    if (first) first->id = reader.id();
    return first;
}

// For a frame in which other fields stand before `type`: it is read twice.
std::optional<fault> read_late_typed(const message_set& set, void* target, std::string_view text) {
    type_finder finder;
    parse(text, finder);
    if (finder.type) {
        const std::size_t index = set.find(*finder.type);
        if (index < set.messages.size()) return read_as(set, target, text, index);
    }
    // There is no type to read it as. Any will do to learn its id and whether it is JSON.
    frame_reader reader(set, target);
    reader.begin_as(0);
    parse(text, reader);
    auto first = reader.first_fault();
    if (!first || first->code != error_code::bad_frame)
        first = finder.type ? unknown_type() : missing_type();
    first->id = reader.id();
    return first;
}

template <class Set>
decoded<Set> decode_body(std::string_view type, std::string_view body) {
    const message_set set = set_of<Set>(false, true);
    const std::size_t index = set.find(type);
    if (index == set.messages.size())
        return fault{.code = error_code::unsupported, .message = "there is no such request"};
    if (auto fault = refuse_bytes(body, limits::frame_in_bytes_max)) return std::move(*fault);
    Set message;
    if (auto fault = read_as(set, &message, body.empty() ? "{}" : body, index))
        return std::move(*fault);
    return message;
}

}  // namespace

std::optional<fault> detail::read_frame(const message_set& set, void* target, std::string_view text,
                                        std::size_t bytes_max) {
    if (auto fault = refuse_bytes(text, bytes_max)) return fault;
    frame_reader reader(set, target);
    parse(text, reader);
    if (reader.type_came_late()) return read_late_typed(set, target, text);
    auto first = reader.first_fault();
    if (!first && !reader.has_type()) first = missing_type();
    if (first) first->id = reader.id();
    return first;
}

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

namespace {

// `Owner`: whose `body` is a choice of kinds.
template <class Owner>
std::optional<decltype(Owner::body)> decode_kind(std::string_view kind, std::string_view text) {
    const choice_schema& choice = choice_of<Owner>;
    const message_set set{.messages = choice.kinds,
                          .emplace = choice.emplace,
                          .skip_unknown_fields = true,
                          .id_is_optional = false};
    const std::size_t index = set.find(kind);
    Owner read;
    if (index == choice.kinds.size() || read_as(set, &read, text, index)) return std::nullopt;
    return std::move(read.body);
}

}  // namespace

std::optional<event_body> decode_body(std::string_view kind, std::string_view text) {
    return decode_kind<event>(kind, text);
}

std::optional<personal_body> decode_personal_body(std::string_view kind, std::string_view text) {
    return decode_kind<personal_record>(kind, text);
}

}  // namespace parley::protocol
