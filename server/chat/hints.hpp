// What nodes tell each other on the bus: EVERY kind of hint, declared once. Browsers see none of
// them but the events. A hint says what it is about, so that only those hear it who are interested,
// and whether it may be lost: what may not is never dropped unnoticed (see hub::hints_lost).
#pragma once

#include "server/chat/broadcast.hpp"
#include "shared/protocol/personal.hpp"
#include "shared/protocol/records.hpp"
#include "shared/protocol/schema.hpp"
#include "shared/protocol/vocabulary.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace parley::chat {

// What a hint is about. The name of the room or person; empty when it is for all.
struct subject {
    enum class kind : std::uint8_t { room, person, all };
    kind of = kind::all;
    std::string_view name;
};

inline subject room_subject(std::string_view name) {
    return {.of = subject::kind::room, .name = name};
}
inline subject person_subject(std::string_view name) {
    return {.of = subject::kind::person, .name = name};
}

inline constexpr std::size_t node_name_bytes_max = 16;
inline constexpr protocol::rule node_name =
    protocol::detail::text("node_name", 1, node_name_bytes_max, protocol::alphabet::token,
                           "k3xV9abQz0Tt", "random for each node and each of its starts");

// Events of one room were committed. On the wire it is the `events` frame that browsers get.
struct events_committed {
    std::shared_ptr<const broadcast> run;
    static constexpr bool may_be_lost = false;
    subject about() const { return room_subject(run->room); }
};

// Something changed of what a person keeps on the server: every device of theirs hears it.
struct person_changed {
    std::string user;
    std::uint64_t seq{};  // of the last change, in the person's log; they follow each other
    std::vector<protocol::personal_record> changes;
    std::vector<protocol::room_summary> rooms;  // that came onto the list
    static constexpr bool may_be_lost = false;
    subject about() const { return person_subject(user); }
    std::uint64_t after() const { return seq - changes.size(); }

    static constexpr std::string_view type = "person_changed";
    static constexpr std::string_view doc = "Something changed on a person's own list.";
    static constexpr auto fields() {
        using protocol::field;
        using protocol::presence_of_list;
        namespace limits = protocol::limits;
        return std::array{
            field<&person_changed::user>("user", protocol::person_name, "whose list"),
            field<&person_changed::seq>("seq", protocol::personal_sequence, "as in `person`"),
            protocol::list<&person_changed::changes>("changes", limits::personal_changes_max,
                                                     presence_of_list::required, "as in `person`"),
            protocol::list<&person_changed::rooms>("rooms", 2 * limits::rooms_page_max,
                                                   presence_of_list::optional, "as in `person`"),
        };
    }
};

// A session was signed out or revoked: its connections close. For all, because a connection of that
// session may be on its way in.
struct session_ended {
    std::string session;
    static constexpr bool may_be_lost = false;
    subject about() const { return {}; }

    static constexpr std::string_view type = "session_ended";
    static constexpr std::string_view doc = "A session was signed out or revoked.";
    static constexpr auto fields() {
        return std::array{
            protocol::field<&session_ended::session>("session", protocol::session_name, "its name"),
        };
    }
};

// Somebody opened an account or a session under a name: whoever bore it on one connection only
// gives it up.
struct name_taken {
    std::string user;
    static constexpr bool may_be_lost = false;
    subject about() const { return person_subject(user); }

    static constexpr std::string_view type = "name_taken";
    static constexpr std::string_view doc = "A name belongs to somebody who signed up or in.";
    static constexpr auto fields() {
        return std::array{
            protocol::field<&name_taken::user>("user", protocol::person_name, "the name"),
        };
    }
};

// Somebody types, or stopped.
struct typing_changed {
    std::string room;
    std::string user;
    bool active{};
    static constexpr bool may_be_lost = true;
    subject about() const { return room_subject(room); }

    static constexpr std::string_view type = "typing_changed";
    static constexpr std::string_view doc = "Somebody types, or stopped.";
    static constexpr auto fields() {
        using protocol::field;
        return std::array{
            field<&typing_changed::room>("room", protocol::room_name, "where"),
            field<&typing_changed::user>("user", protocol::person_name, "who"),
            field<&typing_changed::active>("active", protocol::flag, "false when they stopped"),
        };
    }
};

// Who is in a room on one node. It holds until the node says something else, or has not repeated it
// for presence_lifetime_ms.
struct presence_summary {
    std::string room;
    std::string node;
    std::uint64_t online{};
    std::vector<std::string> users;
    static constexpr bool may_be_lost = true;
    subject about() const { return room_subject(room); }

    static constexpr std::string_view type = "presence_summary";
    static constexpr std::string_view doc = "Who is in a room on one node.";
    static constexpr auto fields() {
        using protocol::field;
        return std::array{
            field<&presence_summary::room>("room", protocol::room_name, "where"),
            field<&presence_summary::node>("node", node_name, "which node says it"),
            field<&presence_summary::online>("online", protocol::count, "how many people"),
            protocol::list<&presence_summary::users>(
                "users", protocol::limits::presence_names_max, protocol::presence_of_list::required,
                protocol::person_name, "the first of them by name"),
        };
    }
};

// A node has just opened a room: the others say in return who is there.
struct presence_asked {
    std::string room;
    std::string node;
    static constexpr bool may_be_lost = true;
    subject about() const { return room_subject(room); }

    static constexpr std::string_view type = "presence_asked";
    static constexpr std::string_view doc = "A node that opened a room asks who is there.";
    static constexpr auto fields() {
        using protocol::field;
        return std::array{
            field<&presence_asked::room>("room", protocol::room_name, "where"),
            field<&presence_asked::node>("node", node_name, "which node asks"),
        };
    }
};

using hint = std::variant<events_committed, person_changed, session_ended, name_taken,
                          typing_changed, presence_summary, presence_asked>;
using hint_list = std::vector<std::shared_ptr<const hint>>;

inline subject about(const hint& one) {
    return std::visit([](const auto& kind) { return kind.about(); }, one);
}
inline bool may_be_lost(const hint& one) {
    return std::visit([](const auto& kind) { return kind.may_be_lost; }, one);
}

}  // namespace parley::chat
