// Every word that the page reads: the names of the patches, the fields of their values, the kinds
// of rows and of pieces of text. static/topics.js, timeline.js and markup.js use the same words;
// tests/tidy compares.
#pragma once

#include <string_view>

namespace parley::view {

// A patch is a JSON list that begins with this word.
struct patch {
    std::string_view word;
};

// A field of an object in a patch.
struct field {
    std::string_view name;
};

struct row_kind_word {
    std::string_view word;
};

struct piece_word {
    std::string_view word;
};

// [topic, value]: the whole value again whenever it changed.
namespace topics {
inline constexpr patch alert{"alert"};
inline constexpr patch composer{"composer"};
inline constexpr patch connection{"connection"};
inline constexpr patch dialog{"dialog"};
inline constexpr patch directory{"directory"};
inline constexpr patch editor{"editor"};
inline constexpr patch elsewhere{"elsewhere"};
inline constexpr patch empty{"empty"};
inline constexpr patch form{"form"};
inline constexpr patch jump{"jump"};
inline constexpr patch me{"me"};
inline constexpr patch news{"news"};
inline constexpr patch new_room{"newRoom"};
inline constexpr patch note{"note"};
inline constexpr patch presence{"presence"};
inline constexpr patch room{"room"};
inline constexpr patch rooms{"rooms"};
inline constexpr patch sign_out{"signOut"};
inline constexpr patch strip{"strip"};
inline constexpr patch theme{"theme"};
inline constexpr patch title{"title"};
inline constexpr patch typing{"typing"};
inline constexpr patch view{"view"};
}  // namespace topics

// Changes of the rows in the timeline.
namespace row_patches {
inline constexpr patch clear{"clear"};        // all rows
inline constexpr patch remove{"remove"};      // key
inline constexpr patch insert{"insert"};      // key of the next row or "", row
inline constexpr patch update{"update"};      // row
inline constexpr patch scroll{"scroll"};      // key, or "end"
inline constexpr patch announce{"announce"};  // text for screen readers
}  // namespace row_patches

namespace row_kinds {
inline constexpr row_kind_word day{"day"};
inline constexpr row_kind_word message{"message"};
inline constexpr row_kind_word new_line{"new"};
inline constexpr row_kind_word note{"note"};
}  // namespace row_kinds

// See message_text.hpp.
namespace pieces {
inline constexpr piece_word address{"address"};
inline constexpr piece_word bare{"bare"};
inline constexpr piece_word bold{"bold"};
inline constexpr piece_word bullets{"bullets"};
inline constexpr piece_word cell{"cell"};
inline constexpr piece_word code{"code"};
inline constexpr piece_word disguised{"disguised"};
inline constexpr piece_word fence{"fence"};
inline constexpr piece_word heading1{"heading1"};
inline constexpr piece_word heading2{"heading2"};
inline constexpr piece_word heading3{"heading3"};
inline constexpr piece_word italic{"italic"};
inline constexpr piece_word item{"item"};
inline constexpr piece_word language{"language"};
inline constexpr piece_word link{"link"};
inline constexpr piece_word mention{"mention"};
inline constexpr piece_word number{"number"};
inline constexpr piece_word numbers{"numbers"};
inline constexpr piece_word paragraph{"paragraph"};
inline constexpr piece_word quote{"quote"};
inline constexpr piece_word room{"room"};
inline constexpr piece_word row{"row"};
inline constexpr piece_word spoiler{"spoiler"};
inline constexpr piece_word strike{"strike"};
inline constexpr piece_word table{"table"};
inline constexpr piece_word text{"text"};
}  // namespace pieces

namespace fields {
inline constexpr field action{"action"};
inline constexpr field at{"at"};
inline constexpr field author{"author"};
inline constexpr field busy{"busy"};
inline constexpr field count{"count"};
inline constexpr field deleted{"deleted"};
inline constexpr field direct{"direct"};
inline constexpr field draft{"draft"};
inline constexpr field emoji{"emoji"};
inline constexpr field existing{"existing"};
inline constexpr field first{"first"};
inline constexpr field guests{"guests"};
inline constexpr field guest{"guest"};
inline constexpr field hue{"hue"};
inline constexpr field initials{"initials"};
inline constexpr field joined{"joined"};
inline constexpr field key{"key"};
inline constexpr field kind{"kind"};
inline constexpr field large{"large"};
inline constexpr field menu{"menu"};
inline constexpr field mine{"mine"};
inline constexpr field muted{"muted"};
inline constexpr field name{"name"};
inline constexpr field nonce{"nonce"};
inline constexpr field number{"number"};  // never read: it makes the same text a change
inline constexpr field online{"online"};
inline constexpr field open{"open"};
inline constexpr field parts{"parts"};
inline constexpr field people{"people"};
inline constexpr field person{"person"};
inline constexpr field problem{"problem"};
inline constexpr field reactions{"reactions"};
inline constexpr field retry{"retry"};
inline constexpr field rooms{"rooms"};
inline constexpr field seconds{"seconds"};
inline constexpr field seq{"seq"};
inline constexpr field shown{"shown"};
inline constexpr field signs{"signs"};
inline constexpr field starred{"starred"};
inline constexpr field state{"state"};
inline constexpr field text{"text"};
inline constexpr field title{"title"};
inline constexpr field unread{"unread"};
inline constexpr field word{"word"};
}  // namespace fields

}  // namespace parley::view
