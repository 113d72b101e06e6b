// The records that messages contain: events, rooms, sessions, limits.
#pragma once

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

// The kinds of event. A receiver skips those that it does not know; they still advance seq.
namespace event_kind {
inline constexpr std::string_view created = "created";  // of a room: `text` is its title
inline constexpr std::string_view message = "message";
inline constexpr std::string_view joined = "joined";
inline constexpr std::string_view left = "left";
}  // namespace event_kind

struct event {
    std::uint64_t seq{};
    std::uint64_t at{};
    std::string author;
    std::string kind;
    std::optional<std::string> text;
    std::optional<std::uint64_t> reply_to;
    std::optional<std::string> nonce;
    static constexpr std::string_view record = "event";
    static constexpr auto fields() {
        return std::array{
            field<&event::seq>("seq", sequence, "contiguous from 1 in each room"),
            field<&event::at>("at", timestamp, "when it was committed"),
            field<&event::author>("author", person_name, "who did it"),
            field<&event::kind>("kind", word, "created, message, joined or left; more will come"),
            field<&event::text>("text", message_text, "of a message; of created, the room's title"),
            field<&event::reply_to>("reply_to", sequence, "the message that this one answers"),
            field<&event::nonce>("nonce", nonce_value, "as the author sent it"),
        };
    }
};

struct room_summary {
    std::string room;
    std::string title;
    std::uint64_t epoch{};
    std::uint64_t top{};
    std::uint64_t read{};
    bool joined{};
    bool direct{};
    std::optional<bool> resync;
    static constexpr std::string_view record = "room_summary";
    static constexpr auto fields() {
        return std::array{
            field<&room_summary::room>("room", room_name, "its name"),
            field<&room_summary::title>("title", room_title, "its title"),
            field<&room_summary::epoch>("epoch", epoch_number, "its epoch"),
            field<&room_summary::top>("top", sequence, "its newest event"),
            field<&room_summary::read>("read", sequence,
                                       "how far you have read; unread is top - read"),
            field<&room_summary::joined>("joined", flag, "whether you are a member"),
            field<&room_summary::direct>("direct", flag, "whether it is a room of two"),
            field<&room_summary::resync>("resync", flag,
                                         "drop your copy: continuity cannot be proved"),
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
