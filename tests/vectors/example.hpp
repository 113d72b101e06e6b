// Writes example messages from the declarations, without the codec: what it says must come out the
// same.
#pragma once

#include "shared/protocol/schema.hpp"
#include "tests/vectors/long_text.hpp"

#include <span>

namespace parley::vectors {

// From a field of the message inwards: the last is the field that a case is about.
using field_path = std::span<const protocol::field_schema* const>;

// What a case does to that field.
struct edit {
    enum class action { none, value, absent, twice, stranger_beside } act = action::none;
    long_text value{};  // for action::value: the JSON text to put there
};

enum class extent { required, every };  // the required fields (and `id`), or all of them
enum class size { example, smallest };  // of the values

std::string quoted(std::string_view text);
long_text value_text(const protocol::rule& rule, size values = size::example);
long_text object_text(const protocol::object_schema& schema, size values);
// The value of a field; of a list, `elements` of them.
long_text field_text(const protocol::field_schema& field, std::size_t elements = 1,
                     size values = size::example);

// The canonical text of a message that holds the field at `path`, with the edit done to it.
long_text message_text(const protocol::message_schema& schema, field_path path, const edit& change);
long_text message_text(const protocol::message_schema& schema, extent fields);

}  // namespace parley::vectors
