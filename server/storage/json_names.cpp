// Written by the codec's rules, read without a parser.
#include "server/storage/json_names.hpp"

#include "shared/protocol/json_text.hpp"

#include <algorithm>

namespace parley::storage {

std::string as_json(const std::vector<std::string>& names) {
    std::string out = "[";
    for (const std::string& name : names) {
        if (out.size() > 1) out += ',';
        protocol::append_json_text(out, name);
    }
    return out + ']';
}

std::vector<std::string> names_in(std::string_view json) {
    std::vector<std::string> out;
    std::size_t end = 0;
    for (auto begin = json.find('"'); begin != json.npos; begin = json.find('"', end + 1)) {
        end = std::min(json.find('"', begin + 1), json.size());
        out.emplace_back(json.substr(begin + 1, end - begin - 1));
    }
    return out;
}

}  // namespace parley::storage
