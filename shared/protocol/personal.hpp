// What one person keeps on the server: one struct for each kind of record. A record is found by its
// kind and key, the newest one counts, and one that is gone says so itself. Every change of a
// record has a seq in the log of that person.
#pragma once

#include "shared/protocol/schema.hpp"
#include "shared/protocol/vocabulary.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace parley::protocol {

struct membership {
    std::string room;
    bool on{};
    static constexpr std::string_view type = "membership";
    static constexpr std::string_view doc = "A room came onto the list, or went from it.";
    static constexpr auto fields() {
        return std::array{
            field<&membership::room>("room", room_name, "which room"),
            field<&membership::on>("on", flag, "false: it went"),
        };
    }
};

struct read_mark {
    std::string room;
    std::uint64_t seq{};
    std::uint64_t said{};
    static constexpr std::string_view type = "mark";
    static constexpr std::string_view doc = "How far a room is read.";
    static constexpr auto fields() {
        return std::array{
            field<&read_mark::room>("room", room_name, "which room"),
            field<&read_mark::seq>("seq", sequence, "the last event that counts as read"),
            field<&read_mark::said>("said", sequence, "how many messages the room had had by then"),
        };
    }
};

// The words of a level. `all` is how a room begins.
namespace room_level {
inline constexpr std::string_view all = "all";
inline constexpr std::string_view mentions = "mentions";
inline constexpr std::string_view none = "none";
}  // namespace room_level
inline bool is_room_level(std::string_view level) {
    return level == room_level::all || level == room_level::mentions || level == room_level::none;
}

struct level {
    std::string room;
    std::string level;
    bool on = true;
    static constexpr std::string_view type = "level";
    static constexpr std::string_view doc = "What of a room the person wants to be notified of.";
    static constexpr auto fields() {
        return std::array{
            field<&level::room>("room", room_name, "which room"),
            field<&level::level>("level", level_word, "what the person chose"),
            field<&level::on>("on", flag, "false: all again"),
        };
    }
    std::string key() const { return room; }
    bool is_gone() const { return !on; }
};

struct star {
    std::string room;
    bool on{};
    static constexpr std::string_view type = "star";
    static constexpr std::string_view doc = "A room stands at the top of the list.";
    static constexpr auto fields() {
        return std::array{
            field<&star::room>("room", room_name, "which room"),
            field<&star::on>("on", flag, "false: no more"),
        };
    }
    std::string key() const { return room; }
    bool is_gone() const { return !on; }
};

struct draft {
    std::string room;
    std::string text;
    bool on = true;
    static constexpr std::string_view type = "draft";
    static constexpr std::string_view doc = "What is being written in a room.";
    static constexpr auto fields() {
        return std::array{
            field<&draft::room>("room", room_name, "which room"),
            field<&draft::text>("text", draft_text, "what was written so far"),
            field<&draft::on>("on", flag, "false: it was sent or given up"),
        };
    }
    std::string key() const { return room; }
    bool is_gone() const { return !on; }
};

struct setting {
    std::string name;
    std::string value;
    bool on = true;
    static constexpr std::string_view type = "setting";
    static constexpr std::string_view doc = "What a person has chosen in their clients.";
    static constexpr auto fields() {
        return std::array{
            field<&setting::name>("name", setting_name, "what was chosen"),
            field<&setting::value>("value", setting_value, "the choice"),
            field<&setting::on>("on", flag, "false: none any more"),
        };
    }
    std::string key() const { return name; }
    bool is_gone() const { return !on; }
};

struct saved {
    std::string room;
    std::uint64_t target{};
    bool on{};
    std::optional<std::string> note;
    static constexpr std::string_view type = "saved";
    static constexpr std::string_view doc = "A message that the person wants to find again.";
    static constexpr auto fields() {
        return std::array{
            field<&saved::room>("room", room_name, "which room"),
            field<&saved::target>("target", sequence, "the message"),
            field<&saved::on>("on", flag, "false: no more"),
            field<&saved::note>("note", note_text, "for oneself"),
        };
    }
    std::string key() const { return room + ' ' + std::to_string(target); }
    bool is_gone() const { return !on; }
};

using personal_body =
    std::variant<unknown_kind, membership, read_mark, level, star, draft, setting, saved>;

// What leaving a room ends.
inline std::array<personal_body, 3> records_ended_with(const std::string& room) {
    return {level{.room = room, .level = std::string(room_level::all), .on = false},
            star{.room = room, .on = false}, draft{.room = room, .text = {}, .on = false}};
}

// A kind that a person keeps by a request of its own. Membership and marks are kept with the rooms.
template <class Kind>
concept kept_kind = requires(const Kind& kind) {
    kind.key();
    kind.is_gone();
};

// Whether the body is of a kept kind; its key (empty: it is not), and whether it says that it is
// gone.
inline bool is_kept_kind(const personal_body& body) {
    return std::visit([]<class Kind>(const Kind&) { return kept_kind<Kind>; }, body);
}
inline std::string key_of(const personal_body& body) {
    return std::visit(
        []<class Kind>(const Kind& kind) {
            if constexpr (kept_kind<Kind>)
                return kind.key();
            else
                return std::string();
        },
        body);
}
inline bool is_gone(const personal_body& body) {
    return std::visit(
        []<class Kind>(const Kind& kind) {
            if constexpr (kept_kind<Kind>)
                return kind.is_gone();
            else
                return false;
        },
        body);
}

struct personal_record {
    personal_body body;
    static constexpr std::string_view record = "personal_record";
    static constexpr auto fields() { return std::array<field_schema, 0>{}; }
    static constexpr choice_schema choice() {
        return protocol::choice<&personal_record::body>("kind", "what it is; more kinds will come");
    }
};

}  // namespace parley::protocol
