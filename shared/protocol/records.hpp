// The records that messages contain, beside events: rooms, sessions, limits.
#pragma once

#include "shared/protocol/events.hpp"
#include "shared/protocol/schema.hpp"
#include "shared/protocol/vocabulary.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace parley::protocol {

struct position {
    std::string room;
    std::uint64_t epoch{};
    std::uint64_t seq{};
    static constexpr std::string_view record = "position";
    static constexpr auto fields() {
        return std::array{
            field<&position::room>("room", room_name, "which room"),
            field<&position::epoch>("epoch", epoch_number, "the epoch that `seq` belongs to"),
            field<&position::seq>("seq", sequence, "the last event that the client has"),
        };
    }
};

// The kinds of room.
namespace room_kind {
inline constexpr std::string_view open = "public";    // everybody may enter
inline constexpr std::string_view direct = "direct";  // of two to eight people, who are named
}  // namespace room_kind

struct room_summary {
    std::string room;
    std::string title;
    std::string kind;
    std::uint64_t epoch{};
    std::uint64_t top{};
    std::uint64_t said{};
    std::optional<std::uint64_t> shrunk;
    std::uint64_t read{};
    std::uint64_t unread{};
    bool joined{};
    std::vector<std::string> people;
    std::optional<bool> resync;
    static constexpr std::string_view record = "room_summary";
    static constexpr auto fields() {
        return std::array{
            field<&room_summary::room>("room", room_name, "its name"),
            field<&room_summary::title>("title", room_title, "its title"),
            field<&room_summary::kind>("kind", word, "public or direct; more will come"),
            field<&room_summary::epoch>("epoch", epoch_number, "its epoch"),
            field<&room_summary::top>("top", sequence, "its newest event"),
            field<&room_summary::said>("said", sequence, "how many messages it has had"),
            field<&room_summary::shrunk>("shrunk", sequence, "its newest deletion, as in `head`"),
            field<&room_summary::read>("read", sequence, "how far you have read"),
            field<&room_summary::unread>("unread", count, "messages of others after `read`"),
            field<&room_summary::joined>("joined", flag, "whether you are a member"),
            list<&room_summary::people>("people", limits::direct_people_max,
                                        presence_of_list::optional, person_name,
                                        "of a direct room: its people, sorted"),
            field<&room_summary::resync>("resync", flag,
                                         "drop your copy: continuity cannot be proved"),
        };
    }
    bool is_direct() const { return kind == room_kind::direct; }
};

// One wording of a message.
struct version {
    std::uint64_t rev{};
    std::uint64_t at{};
    std::string text;
    static constexpr std::string_view record = "version";
    static constexpr auto fields() {
        return std::array{
            field<&version::rev>("rev", sequence, "seq of the event that has it"),
            field<&version::at>("at", timestamp, "when it was written"),
            field<&version::text>("text", message_text, "the text"),
        };
    }
};

// How much of a room a person has not read.
struct room_count {
    std::string room;
    std::uint64_t unread{};
    std::uint64_t said{};
    std::uint64_t read{};
    std::uint64_t top{};
    static constexpr std::string_view record = "room_count";
    static constexpr auto fields() {
        return std::array{
            field<&room_count::room>("room", room_name, "which room"),
            field<&room_count::unread>("unread", count, "messages of others after `read`"),
            field<&room_count::said>("said", sequence, "how many messages it has had"),
            field<&room_count::read>("read", sequence, "how far you have read"),
            field<&room_count::top>("top", sequence, "the newest event that was counted"),
        };
    }
};

struct server_limits {
    std::uint64_t frame_in_bytes = limits::frame_in_bytes_max;
    std::uint64_t frame_out_bytes = limits::frame_out_bytes_max;
    std::uint64_t text_bytes = limits::text_bytes_max;
    std::uint64_t title_bytes = limits::title_bytes_max;
    std::uint64_t history_page = limits::history_page_max;
    std::uint64_t subscriptions = limits::subscriptions_max;
    std::uint64_t requests_in_flight = limits::requests_in_flight_max;
    std::uint64_t send_burst = limits::send_burst;
    std::uint64_t send_per_second = limits::send_per_second;
    static constexpr std::string_view record = "server_limits";
    static constexpr auto fields() {
        return std::array{
            field<&server_limits::frame_in_bytes>("frame_in_bytes", count,
                                                  "longest frame the server takes"),
            field<&server_limits::frame_out_bytes>("frame_out_bytes", count,
                                                   "longest frame the server sends"),
            field<&server_limits::text_bytes>("text_bytes", count, "longest message"),
            field<&server_limits::title_bytes>("title_bytes", count, "longest room title"),
            field<&server_limits::history_page>("history_page", count, "most events in one answer"),
            field<&server_limits::subscriptions>("subscriptions", count,
                                                 "most rooms subscribed by one connection"),
            field<&server_limits::requests_in_flight>("requests_in_flight", count,
                                                      "most requests without an answer"),
            field<&server_limits::send_burst>("send_burst", count,
                                              "messages at once; 0 is no limit"),
            field<&server_limits::send_per_second>("send_per_second", count,
                                                   "messages a second after that; 0 is no limit"),
        };
    }
};

struct session_summary {
    std::string session;
    std::uint64_t since{};
    std::uint64_t seen{};
    bool current{};
    std::string client;
    static constexpr std::string_view record = "session_summary";
    static constexpr auto fields() {
        return std::array{
            field<&session_summary::session>("session", session_name, "to revoke it by"),
            field<&session_summary::since>("since", timestamp, "when it was opened"),
            field<&session_summary::seen>("seen", timestamp, "when it was last used, to the hour"),
            field<&session_summary::current>("current", flag, "whether it is the one that asks"),
            field<&session_summary::client>("client", software, "the program that opened it"),
        };
    }
};

}  // namespace parley::protocol
