// Reads the markup of a message: a chat subset of Markdown (RULES 2.3). Pure, linear and total: any
// bytes give pieces, and nothing that was typed is lost.
//
// Two passes. The first goes line by line and finds the blocks (blocks.hpp). The second goes
// through the text of each block: it finds code, addresses, mentions and signs of emphasis
// (tokens.hpp), pairs the signs (emphasis.hpp) and writes the pieces.
#pragma once

#include "shared/markup/pieces.hpp"

#include <string>
#include <string_view>

namespace parley::markup {

// REQUIRES: `text` is shorter than 4 GiB.
parsed parse(std::string_view text);

// What to append to a text that ends inside a fence, so that every reader sees where it ends; empty
// if it does not.
std::string closing_fence(std::string_view text);

}  // namespace parley::markup
