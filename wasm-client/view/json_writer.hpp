// Writes the compact JSON that the page receives, with the words of patches.hpp.
#pragma once

#include "wasm-client/view/patches.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace parley::view {

class json_writer {
public:
    json_writer& open(char bracket);
    json_writer& open(patch patch);  // to be closed by ']'
    json_writer& close(char bracket);
    json_writer& key(field field);
    json_writer& text(std::string_view value);
    json_writer& number(std::uint64_t value);
    json_writer& flag(bool value);
    json_writer& raw(std::string_view json);  // a value that is JSON already

    const std::string& written() const { return out_; }

private:
    void separate();

    std::string out_;
    bool value_before_ = false;
};

}  // namespace parley::view
