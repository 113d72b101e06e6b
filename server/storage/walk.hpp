// Every B-tree of the file and how to read all of it in the order of its key: for the checks.
#pragma once

#include "server/storage/database.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace parley::storage {

struct walk {
    std::string_view tree;  // name of the table or index
    std::string_view key;   // type of each column of the key: i: integer, t: text
    std::string_view sql;   // takes the key to begin after; yields the key, then all that is there
};
std::span<const walk> all_walks();

// Compared as SQLite's BINARY collation does.
using tree_key = std::vector<std::variant<std::uint64_t, std::string>>;

tree_key first_key(const walk& tree);  // sorts before the key of any row
tree_key key_of(const statement& row, const walk& tree);

// Begins behind the key.
statement rows_after(database& db, const walk& tree, const tree_key& key);

// For people: "2, 17".
std::string in_words(const tree_key& key);

// Reads every column of the row to its end. False: a text is not UTF-8, which SQLite does not mind.
bool has_sound_texts(const statement& row);

}  // namespace parley::storage
