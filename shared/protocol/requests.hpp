// The requests of a client on its WebSocket connection that change nothing for good; those that do
// stand in durable_requests.hpp. Each carries an `id` and gets one `ok` or
// `error`, unless its doc says otherwise. Over HTTP the same object is the body of
// POST /api/1/<type>, where `type` and `id` may be left out.
#pragma once

#include "shared/protocol/records.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace parley::protocol {

struct hello {
    std::optional<std::uint64_t> id;
    std::string client;
    std::optional<std::uint64_t> person{};
    std::vector<position> resume;
    static constexpr std::string_view type = "hello";
    static constexpr std::string_view doc =
        "Always first; answered by `welcome`. Each room in `resume` is subscribed from where it "
        "stood.";
    static constexpr auto fields() {
        return std::array{
            field<&hello::id>("id", request_id, "repeated in `welcome`"),
            field<&hello::client>("client", software, "name and version of the client"),
            field<&hello::person>("person", personal_sequence,
                                  "how much of your log the client holds"),
            list<&hello::resume>("resume", limits::subscriptions_max, presence_of_list::optional,
                                 "rooms that the client has events of"),
        };
    }
};

struct subscribe {
    std::uint64_t id{};
    std::string room;
    std::optional<std::uint64_t> epoch;
    std::optional<std::uint64_t> seq;
    static constexpr std::string_view type = "subscribe";
    static constexpr bool web_socket_only = true;
    static constexpr std::string_view doc =
        "Answered by `ok{epoch, top, said, shrunk?, resync?}`, then come the events after `seq` "
        "(without it, or with `resync`, the newest `page`), then each event as it is committed.";
    static constexpr auto fields() {
        return std::array{
            field<&subscribe::id>("id", request_id, "repeated in the answer"),
            field<&subscribe::room>("room", room_name, "a public room, or a direct room of yours"),
            field<&subscribe::epoch>("epoch", epoch_number, "of the copy that the client has"),
            field<&subscribe::seq>("seq", sequence, "the last event that the client has"),
        };
    }
};

struct unsubscribe {
    std::uint64_t id{};
    std::string room;
    static constexpr std::string_view type = "unsubscribe";
    static constexpr bool web_socket_only = true;
    static constexpr std::string_view doc = "No more events of this room.";
    static constexpr auto fields() {
        return std::array{
            field<&unsubscribe::id>("id", request_id, "repeated in the answer"),
            field<&unsubscribe::room>("room", room_name, "which room"),
        };
    }
};

struct versions {
    std::uint64_t id{};
    std::string room;
    std::uint64_t target{};
    static constexpr std::string_view type = "versions";
    static constexpr std::string_view doc =
        "The wordings of a message, the newest last: `ok{versions, more}`; `more` says that older "
        "ones did not fit the answer. `gone` when it was deleted.";
    static constexpr auto fields() {
        return std::array{
            field<&versions::id>("id", request_id, "repeated in the answer"),
            field<&versions::room>("room", room_name, "which room"),
            field<&versions::target>("target", sequence, "the message"),
        };
    }
};

struct history {
    std::uint64_t id{};
    std::string room;
    std::optional<std::uint64_t> before;
    std::optional<std::uint64_t> after;
    std::optional<std::uint64_t> around;
    std::uint64_t limit{};
    static constexpr std::string_view type = "history";
    static constexpr std::string_view doc =
        "A page: the folded entries of a stretch of the log, without the events that change them. "
        "`ok{epoch, top, from, to, events, more}`, ascending; the page stands for all events "
        "`from..to`. At most one of `before`, `after`, `around`; none is the newest page. `more` "
        "says that events remain in the direction asked for. A page may have fewer than `limit` "
        "entries to fit a frame.";
    static constexpr auto fields() {
        return std::array{
            field<&history::id>("id", request_id, "repeated in the answer"),
            field<&history::room>("room", room_name, "a public room, or a direct room of yours"),
            field<&history::before>("before", sequence, "entries with a lower seq, the nearest"),
            field<&history::after>("after", sequence, "entries with a higher seq, the nearest"),
            field<&history::around>("around", sequence, "entries on both sides of it"),
            field<&history::limit>("limit", page_size, "most entries wanted"),
        };
    }
};

struct catch_up {
    std::uint64_t id{};
    std::string room;
    std::uint64_t seq{};
    std::uint64_t limit{};
    static constexpr std::string_view type = "catch_up";
    static constexpr std::string_view doc =
        "A run: the events that follow `seq`, contiguous, their messages folded as of the answer. "
        "`ok{epoch, top, events, more}`. It may have fewer than `limit` events to fit a frame.";
    static constexpr auto fields() {
        return std::array{
            field<&catch_up::id>("id", request_id, "repeated in the answer"),
            field<&catch_up::room>("room", room_name, "a public room, or a direct room of yours"),
            field<&catch_up::seq>("seq", sequence, "the last event that the client has"),
            field<&catch_up::limit>("limit", page_size, "most events wanted"),
        };
    }
};

struct counts {
    std::uint64_t id{};
    std::vector<std::string> rooms;
    static constexpr std::string_view type = "counts";
    static constexpr std::string_view doc =
        "What is unread in rooms of yours: `ok{counts, person}`. Asked when `head` says that "
        "something was deleted. Rooms that are not yours are left out. Counts from before a mark "
        "(`person`) or a deletion (`top`) that the client knows are old: it asks again.";
    static constexpr auto fields() {
        return std::array{
            field<&counts::id>("id", request_id, "repeated in the answer"),
            list<&counts::rooms>("rooms", limits::counted_rooms_max, presence_of_list::required,
                                 room_name, "which rooms"),
        };
    }
};

struct list_rooms {
    std::uint64_t id{};
    std::optional<std::string> after;
    static constexpr std::string_view type = "list_rooms";
    static constexpr std::string_view doc =
        "Public rooms by name, a page at a time; `ok{rooms, more}`.";
    static constexpr auto fields() {
        return std::array{
            field<&list_rooms::id>("id", request_id, "repeated in the answer"),
            field<&list_rooms::after>("after", room_name, "rooms whose name sorts after this one"),
        };
    }
};

struct typing {
    std::string room;
    bool active{};
    static constexpr std::string_view type = "typing";
    static constexpr bool web_socket_only = true;
    static constexpr std::string_view doc =
        "No id, no answer. At most one in 3 s is passed on; a sign expires after 6 s.";
    static constexpr auto fields() {
        return std::array{
            field<&typing::room>("room", room_name, "a room that this connection has subscribed"),
            field<&typing::active>("active", flag, "false when the person stopped"),
        };
    }
};

struct ping {
    std::uint64_t id{};
    static constexpr std::string_view type = "ping";
    static constexpr std::string_view doc =
        "A sign of life for clients that cannot send WebSocket pings; `ok`.";
    static constexpr auto fields() {
        return std::array{field<&ping::id>("id", request_id, "repeated in the answer")};
    }
};

using passing_request = std::variant<hello, subscribe, unsubscribe, history, catch_up, versions,
                                     counts, list_rooms, typing, ping>;

static_assert(limits::typing_interval_ms == 3'000 && limits::typing_expiry_ms == 6'000,
              "`typing`, and `typing_sign` in notices.hpp, say these numbers in words");

}  // namespace parley::protocol
