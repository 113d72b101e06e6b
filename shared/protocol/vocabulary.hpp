// The kinds of value that a field can have, each with its rule and an example.
#pragma once

#include "shared/protocol/limits.hpp"
#include "shared/protocol/rule.hpp"

namespace parley::protocol {

namespace detail {
constexpr rule integer(std::string_view name, std::uint64_t min, std::uint64_t max,
                       std::string_view example, std::string_view doc) {
    return {.name = name,
            .kind = value_kind::integer,
            .min = min,
            .max = max,
            .letters = alphabet::opaque,
            .example = example,
            .doc = doc};
}
constexpr rule text(std::string_view name, std::uint64_t min, std::uint64_t max, alphabet letters,
                    std::string_view example, std::string_view doc) {
    return {.name = name,
            .kind = value_kind::text,
            .min = min,
            .max = max,
            .letters = letters,
            .example = example,
            .doc = doc};
}
}  // namespace detail

inline constexpr rule flag{.name = "flag",
                           .kind = value_kind::boolean,
                           .min = 0,
                           .max = 1,
                           .letters = alphabet::opaque,
                           .example = "true",
                           .doc = "true or false"};

inline constexpr rule request_id = detail::integer("request_id", 0, limits::request_id_max, "7",
                                                   "chosen by the client, repeated in the answer");
inline constexpr rule sequence = detail::integer("sequence", 0, limits::integer_max, "42",
                                                 "position in a room's log; the first event is 1");
inline constexpr rule personal_sequence =
    detail::integer("personal_sequence", 0, limits::integer_max, "7",
                    "position in the log of one person; grows with every change of it");
inline constexpr rule epoch_number = detail::integer("epoch_number", 1, limits::integer_max, "1",
                                                     "changes only when a backup is restored");
inline constexpr rule milliseconds =
    detail::integer("milliseconds", 0, limits::integer_max, "250", "a duration in milliseconds");
inline constexpr rule timestamp =
    detail::integer("timestamp", 0, limits::integer_max, "1795132800000",
                    "milliseconds since 1970-01-01T00:00:00Z");
inline constexpr rule count = detail::integer("count", 0, limits::integer_max, "3", "how many");
inline constexpr rule page_size =
    detail::integer("page_size", 1, limits::history_page_max, "50", "most events in one answer");
inline constexpr rule close_code_rule =
    detail::integer("close_code", 1000, 4999, "4000", "RFC 6455, section 7.4");

inline constexpr rule room_name =
    detail::text("room_name", 1, limits::room_name_bytes_max, alphabet::name, "lobby",
                 "of a-z 0-9 . _ -; only direct rooms begin with dm- or dm.");
inline constexpr rule user_name =
    detail::text("user_name", limits::user_name_bytes_min, limits::user_name_bytes_max,
                 alphabet::name, "ann", "of a-z 0-9 . _ -; never changes");
inline constexpr rule person_name =
    detail::text("person_name", limits::user_name_bytes_min, limits::user_name_bytes_max + 1,
                 alphabet::person, "ann", "a user name; a guest's has ~ before it");
inline constexpr rule display_name =
    detail::text("display_name", 1, limits::display_name_bytes_max, alphabet::line, "Ann Lee",
                 "shown to people; one line");
inline constexpr rule room_title =
    detail::text("room_title", 1, limits::title_bytes_max, alphabet::line, "The lobby",
                 "shown to people; one line");
inline constexpr rule message_text =
    detail::text("message_text", 1, limits::text_bytes_max, alphabet::prose, "hello",
                 "UTF-8; of the controls only tab and line feed");
inline constexpr rule level_word =
    detail::text("level_word", 1, 32, alphabet::name, "none", "all, mentions or none");
inline constexpr rule draft_text =
    detail::text("draft_text", 0, limits::text_bytes_max, alphabet::prose, "hello, I wan",
                 "what is being written; empty: nothing");
inline constexpr rule setting_name = detail::text("setting_name", 1, 32, alphabet::name, "theme",
                                                  "of a-z 0-9 . _ -; clients agree on them");
inline constexpr rule setting_value =
    detail::text("setting_value", 0, limits::setting_bytes_max, alphabet::line, "dark",
                 "one line; empty: not set");
inline constexpr rule note_text =
    detail::text("note_text", 1, limits::note_bytes_max, alphabet::line, "for Monday", "one line");
inline constexpr rule emoji_text =
    detail::text("emoji_text", 1, limits::emoji_bytes_max, alphabet::line, "\xF0\x9F\x91\x8D",
                 "one emoji; U+FE0F in it makes no difference");
inline constexpr rule reason_text =
    detail::text("reason_text", 1, limits::reason_bytes_max, alphabet::line, "posted twice",
                 "for people; one line");
inline constexpr rule nonce_value =
    detail::text("nonce_value", 1, limits::nonce_bytes_max, alphabet::token, "q83vEjRWeJq83vEj",
                 "unique for each author, never used again; makes a resend safe");
inline constexpr rule password =
    detail::text("password", limits::password_bytes_min, limits::password_bytes_max,
                 alphabet::opaque, "correct horse battery", "never logged or sent back");
inline constexpr rule token_value =
    detail::text("token_value", 1, limits::token_bytes_max, alphabet::token, "Zm9vYmFyYmF6cXV4",
                 "for `Authorization: Bearer`; shown once");
inline constexpr rule session_name =
    detail::text("session_name", 1, limits::token_bytes_max, alphabet::token, "c2Vzc2lvbg",
                 "names a session without giving access to it");
inline constexpr rule software =
    detail::text("software", 1, limits::client_name_bytes_max, alphabet::line, "parley-web/1",
                 "name and version of the program");
inline constexpr rule word = detail::text("word", 1, 32, alphabet::name, "message",
                                          "an identifier; receivers skip those they do not know");
inline constexpr rule error_word = detail::text("error_word", 1, 32, alphabet::name, "not_found",
                                                "see Error codes; more may come");
inline constexpr rule explanation =
    detail::text("explanation", 0, limits::explanation_bytes_max, alphabet::line,
                 "The room does not exist.", "for people; may change at any time");
inline constexpr rule field_path =
    detail::text("field_path", 0, limits::explanation_bytes_max, alphabet::line, "text",
                 "the first field at fault, as resume[0].seq");

// The room that is always there.
inline constexpr std::string_view lobby = "lobby";

}  // namespace parley::protocol
