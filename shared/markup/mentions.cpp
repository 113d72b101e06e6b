// Asks for the names of the pieces that mention somebody.
#include "shared/markup/mentions.hpp"

#include "shared/markup/parse.hpp"
#include "shared/protocol/ascii.hpp"
#include "shared/protocol/limits.hpp"

#include <algorithm>
#include <array>

namespace parley::markup {
namespace {

namespace ascii = protocol::ascii;

constexpr std::array room_words =
    std::to_array<std::string_view>({"room", "everyone", "all", "channel"});

everyone everyone_by(std::string_view name) {
    if (name == "here") return everyone::here;
    const bool is_room = std::find(room_words.begin(), room_words.end(), name) != room_words.end();
    return is_room ? everyone::room : everyone::nobody;
}

// The name with the signs behind it, which an old name may have at its end.
std::string longest_name(std::string_view text, range mention) {
    constexpr std::size_t bytes_max = protocol::limits::user_name_bytes_max + 1;
    std::size_t end = mention.end;
    while (end < text.size() && ascii::is_name_sign(text[end]) && end - mention.begin <= bytes_max)
        ++end;
    std::string name(text.substr(mention.begin + 1, end - mention.begin - 1));
    std::transform(name.begin(), name.end(), name.begin(), ascii::to_lower);
    return name;
}

}  // namespace

mentioned mentions(std::string_view text, const std::function<bool(const std::string&)>& exists) {
    mentioned found;
    std::size_t quote_depth = pieces_max;
    for (const piece& piece : parse(text).pieces) {
        if (piece.depth <= quote_depth) quote_depth = pieces_max;
        if (piece.kind == piece_kind::quote)
            quote_depth = std::min<std::size_t>(quote_depth, piece.depth);
        if (piece.kind != piece_kind::mention || quote_depth != pieces_max) continue;
        std::string name = longest_name(text, piece.bytes);
        const std::size_t shortest = piece.bytes.end - piece.bytes.begin - 1u;
        while (!exists(name) && name.size() > shortest) name.pop_back();
        found.all = std::max(found.all, everyone_by(name));
        const bool is_new =
            std::find(found.names.begin(), found.names.end(), name) == found.names.end();
        if (is_new && everyone_by(name) == everyone::nobody && exists(name))
            found.names.push_back(name);
    }
    return found;
}

}  // namespace parley::markup
