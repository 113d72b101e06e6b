// Lists of rooms and sessions, and looking people up. Read-only.
#pragma once

#include "server/chat/ledger.hpp"
#include "server/storage/database.hpp"

namespace parley::storage {

chat::answer_to<chat::read_rooms> look_up(database& db, const chat::read_rooms& what);
chat::answer_to<chat::read_public_rooms> look_up(database& db, const chat::read_public_rooms& what);
chat::answer_to<chat::read_counts> look_up(database& db, const chat::read_counts& wanted);
chat::answer_to<chat::find_person> look_up(database& db, const chat::find_person& what,
                                           base::time_ms now);
chat::answer_to<chat::read_sessions> look_up(database& db, const chat::read_sessions& what,
                                             base::time_ms now);

struct used_session {
    chat::identity who;
    base::time_ms seen{};
};
std::optional<used_session> find_live_session(database& db, const std::string& token_hash,
                                              base::time_ms now);

// Of sessions, by name: those that are no more, and those whose last use was noted before `since`.
struct checked_sessions {
    std::vector<std::string> ended, stale;
};
checked_sessions check(database& db, const chat::check_sessions& what, base::time_ms now,
                       base::time_ms since);

}  // namespace parley::storage
