// The notices: everything that a server sends.
#pragma once

#include "shared/protocol/personal.hpp"
#include "shared/protocol/records.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace parley::protocol {

struct welcome {
    std::optional<std::uint64_t> id;
    std::string me;
    std::string server;
    server_limits limits;
    std::vector<room_summary> rooms;
    std::optional<std::uint64_t> person{};
    std::optional<bool> anew{};
    std::optional<std::vector<personal_record>> changes{};
    static constexpr std::string_view type = "welcome";
    static constexpr std::string_view doc =
        "The answer to `hello`: your name, the limits of this server, and your rooms.";
    static constexpr auto fields() {
        return std::array{
            field<&welcome::id>("id", request_id, "of the `hello`"),
            field<&welcome::me>("me", person_name, "your name"),
            field<&welcome::server>("server", software, "name and version of the server"),
            object<&welcome::limits>("limits", "the limits of this server"),
            list<&welcome::rooms>("rooms", limits::rooms_page_max + limits::subscriptions_max,
                                  presence_of_list::required,
                                  "rooms you joined, and those in `resume`"),
            field<&welcome::person>("person", personal_sequence,
                                    "of your log: what you hold with `rooms` and `changes`; 0: "
                                    "the changes are long and come in a `person` right after"),
            field<&welcome::anew>("anew", flag,
                                  "`changes` are all your records: forget those you have"),
            list<&welcome::changes>("changes", limits::personal_changes_max,
                                    presence_of_list::optional,
                                    "your records that changed after `hello.person`; not "
                                    "membership and marks, which `rooms` have"),
        };
    }
};

struct events {
    std::string room;
    std::uint64_t epoch{};
    std::vector<event> events;
    static constexpr std::string_view type = "events";
    static constexpr std::string_view doc =
        "A run: what was committed in a subscribed room, ascending and contiguous.";
    static constexpr auto fields() {
        return std::array{
            field<&events::room>("room", room_name, "which room"),
            field<&events::epoch>("epoch", epoch_number, "its epoch"),
            list<&events::events>("events", limits::frame_out_bytes_max / 64,
                                  presence_of_list::required, "contiguous in seq"),
        };
    }
};

struct page {
    std::string room;
    std::uint64_t epoch{};
    std::uint64_t from{};
    std::uint64_t to{};
    std::vector<event> events;
    static constexpr std::string_view type = "page";
    static constexpr std::string_view doc =
        "The newest page of a room, after `subscribe`: folded entries that stand for all events "
        "`from..to`, see `history`. What comes next is `to` plus 1.";
    static constexpr auto fields() {
        return std::array{
            field<&page::room>("room", room_name, "which room"),
            field<&page::epoch>("epoch", epoch_number, "its epoch"),
            field<&page::from>("from", sequence, "the first event that the page stands for"),
            field<&page::to>("to", sequence, "the last one"),
            list<&page::events>("events", limits::history_page_max, presence_of_list::required,
                                "ascending"),
        };
    }
};

struct head {
    std::string room;
    std::uint64_t epoch{};
    std::uint64_t top{};
    std::uint64_t said{};
    std::optional<std::uint64_t> shrunk;
    static constexpr std::string_view type = "head";
    static constexpr std::string_view doc =
        "The newest event of a room: at most once a second for a room of yours that is not "
        "subscribed, and when events "
        "of a subscribed room were not sent because the client read too slowly (fetch them with "
        "`catch_up`).";
    static constexpr auto fields() {
        return std::array{
            field<&head::room>("room", room_name, "which room"),
            field<&head::epoch>("epoch", epoch_number, "its epoch"),
            field<&head::top>("top", sequence, "its newest event"),
            field<&head::said>("said", sequence, "how many messages it has had"),
            field<&head::shrunk>("shrunk", sequence,
                                 "its newest deletion: when it is new, ask for `counts`"),
        };
    }
};

struct person {
    std::uint64_t seq{};
    std::optional<bool> anew{};
    std::vector<personal_record> changes{};
    std::vector<room_summary> rooms{};
    static constexpr std::string_view type = "person";
    static constexpr std::string_view doc =
        "Something changed of what you keep: it comes to every device of yours, in order. One "
        "without `anew` whose `seq` is below what you hold is old.";
    static constexpr auto fields() {
        return std::array{
            field<&person::seq>("seq", personal_sequence, "of your log: what you hold then"),
            field<&person::anew>("anew", flag,
                                 "forget the records that you have, but for membership and marks"),
            list<&person::changes>("changes", limits::personal_changes_max,
                                   presence_of_list::required, "in the order of their commits"),
            list<&person::rooms>("rooms", 2 * limits::rooms_page_max, presence_of_list::optional,
                                 "the rooms that came onto the list"),
        };
    }
};

struct typing_sign {
    std::string room;
    std::string user;
    bool active{};
    static constexpr std::string_view type = "typing";
    static constexpr std::string_view doc =
        "Somebody else types, or stopped. May be dropped; expires after 6 s.";
    static constexpr auto fields() {
        return std::array{
            field<&typing_sign::room>("room", room_name, "where"),
            field<&typing_sign::user>("user", person_name, "who"),
            field<&typing_sign::active>("active", flag, "false when they stopped"),
        };
    }
};

struct presence {
    std::string room;
    std::uint64_t online{};
    std::vector<std::string> users;
    static constexpr std::string_view type = "presence";
    static constexpr std::string_view doc =
        "Who is in a subscribed room now: the whole picture each time, so that any one may be "
        "dropped.";
    static constexpr auto fields() {
        return std::array{
            field<&presence::room>("room", room_name, "where"),
            field<&presence::online>("online", count, "how many people"),
            list<&presence::users>("users", limits::presence_names_max, presence_of_list::required,
                                   person_name, "the first 50 of them by name"),
        };
    }
};

struct ok {
    std::optional<std::uint64_t> id;
    std::optional<std::string> room;
    std::optional<std::uint64_t> epoch;
    std::optional<std::uint64_t> top;
    std::optional<std::uint64_t> seq;
    std::optional<std::uint64_t> at;
    std::optional<std::uint64_t> said;
    std::optional<std::uint64_t> shrunk;
    std::optional<std::uint64_t> from;
    std::optional<std::uint64_t> to;
    std::optional<bool> resync;
    std::optional<std::vector<event>> events;
    std::optional<std::vector<room_summary>> rooms;
    std::optional<std::vector<room_count>> counts;
    std::optional<std::vector<version>> versions;
    std::optional<bool> more;
    std::optional<std::uint64_t> person{};
    std::optional<std::string> user;
    std::optional<std::string> token;
    std::optional<std::vector<session_summary>> sessions;
    std::optional<bool> guests;
    static constexpr std::string_view type = "ok";
    static constexpr std::string_view doc =
        "The request was carried out. Each request says which fields come.";
    static constexpr auto fields() {
        return std::array{
            field<&ok::id>("id", request_id, "of the request"),
            field<&ok::room>("room", room_name, "the room that was opened"),
            field<&ok::epoch>("epoch", epoch_number, "of the room"),
            field<&ok::top>("top", sequence, "the room's newest event"),
            field<&ok::seq>("seq", sequence, "of the event that the request created"),
            field<&ok::at>("at", timestamp, "when it was committed"),
            field<&ok::said>("said", sequence, "how many messages the room has had by then"),
            field<&ok::shrunk>("shrunk", sequence, "the room's newest deletion, as in `head`"),
            field<&ok::from>("from", sequence, "the first event that the page stands for"),
            field<&ok::to>("to", sequence, "the last one"),
            field<&ok::resync>("resync", flag,
                               "drop your copy of the room: continuity cannot be proved"),
            list<&ok::events>("events", limits::history_page_max, presence_of_list::optional,
                              "ascending"),
            list<&ok::rooms>("rooms", limits::rooms_page_max, presence_of_list::optional,
                             "by name"),
            list<&ok::counts>("counts", limits::counted_rooms_max, presence_of_list::optional,
                              "in the order asked for"),
            list<&ok::versions>("versions", limits::edits_max + 1, presence_of_list::optional,
                                "the newest last"),
            field<&ok::more>("more", flag, "there is another page"),
            field<&ok::person>("person", personal_sequence, "of the change in your own log"),
            field<&ok::user>("user", person_name, "who signed in"),
            field<&ok::token>("token", token_value, "for `Authorization: Bearer`; shown this once"),
            list<&ok::sessions>("sessions", limits::sessions_max, presence_of_list::optional,
                                "newest first"),
            field<&ok::guests>("guests", flag, "whether this server takes guests"),
        };
    }
};

struct error {
    std::optional<std::uint64_t> id;
    std::string code;
    std::string message;
    std::optional<std::string> field_at_fault;
    std::optional<std::uint64_t> retry_ms;
    std::optional<std::uint64_t> rev;
    static constexpr std::string_view type = "error";
    static constexpr std::string_view doc =
        "The request was refused and changed nothing; after `internal` that is not known.";
    static constexpr auto fields() {
        return std::array{
            field<&error::id>("id", request_id, "of the request, when it could be read"),
            field<&error::code>("code", error_word, "for programs"),
            field<&error::message>("message", explanation, "for people"),
            field<&error::field_at_fault>("field", field_path, "the first field at fault"),
            field<&error::retry_ms>("retry_ms", milliseconds, "when to try again"),
            field<&error::rev>("rev", sequence, "of the message, when it was edited meanwhile"),
        };
    }
};

struct bye {
    std::uint64_t code{};
    std::string reason;
    std::uint64_t retry_ms{};
    static constexpr std::string_view type = "bye";
    static constexpr std::string_view doc = "The server is about to close this connection.";
    static constexpr auto fields() {
        return std::array{
            field<&bye::code>("code", close_code_rule, "the close code that will follow"),
            field<&bye::reason>("reason", explanation, "for people"),
            field<&bye::retry_ms>("retry_ms", milliseconds, "when to come back"),
        };
    }
};

}  // namespace parley::protocol
