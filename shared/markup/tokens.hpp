// The first step of the second pass: what stands in the text of one block. Code comes first, then
// addresses, then mentions, then links with a label; what none of them covers may be emphasis.
#pragma once

#include "shared/markup/emphasis.hpp"
#include "shared/markup/pieces.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace parley::markup {

enum class token_kind : std::uint8_t {
    literal,  // turned out to be text
    escape,   // a backslash and what it protects
    code,
    bare_link,
    mention,
    room,
    run,         // of signs of emphasis
    link_open,   // "["
    link_close,  // "](https://example.org)"
};

struct token {
    token_kind kind;
    bool disguised = false;  // of link_open
    range bytes{};
    range inner{};  // the code; the address of a link, also at its opening
    sign_run run{};
};

// What a message may still contain.
struct allowance {
    std::size_t links = links_max, mentions = mentions_max;
};

struct tokens {
    std::vector<token> list;  // in the order of the text, none inside another
    std::size_t steps = 0;
};

// `lines`: of one block, see blocks.hpp. Takes from `left`.
tokens find_tokens(std::string_view text, std::span<const range> lines, allowance& left);

}  // namespace parley::markup
