// Puts the commas and colons between values.
#include "wasm-client/view/json_writer.hpp"

#include "shared/protocol/json_text.hpp"

namespace parley::view {

void json_writer::separate() {
    if (value_before_) out_ += ',';
    value_before_ = true;
}

json_writer& json_writer::open(char bracket) {
    separate();
    out_ += bracket;
    value_before_ = false;
    return *this;
}

json_writer& json_writer::open(patch patch) { return open('[').text(patch.word); }

json_writer& json_writer::close(char bracket) {
    out_ += bracket;
    value_before_ = true;
    return *this;
}

json_writer& json_writer::key(field field) {
    text(field.name);
    out_ += ':';
    value_before_ = false;
    return *this;
}

json_writer& json_writer::text(std::string_view value) {
    separate();
    protocol::append_json_text(out_, value);
    return *this;
}

json_writer& json_writer::number(std::uint64_t value) { return raw(std::to_string(value)); }
json_writer& json_writer::flag(bool value) { return raw(value ? "true" : "false"); }

json_writer& json_writer::raw(std::string_view json) {
    separate();
    out_ += json;
    return *this;
}

}  // namespace parley::view
