// The requests of a client on its WebSocket connection. Each carries an `id` and gets one `ok` or
// `error`, unless its doc says otherwise. Over HTTP the same object is the body of
// POST /api/1/<type>, where `type` and `id` may be left out.
#pragma once

#include "shared/protocol/emoji.hpp"
#include "shared/protocol/records.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace parley::protocol {

struct hello {
    std::optional<std::uint64_t> id;
    std::string client;
    std::vector<position> resume;
    static constexpr std::string_view type = "hello";
    static constexpr std::string_view doc =
        "Always first; answered by `welcome`. Each room in `resume` is subscribed from where it "
        "stood.";
    static constexpr auto fields() {
        return std::array{
            field<&hello::id>("id", request_id, "repeated in `welcome`"),
            field<&hello::client>("client", software, "name and version of the client"),
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

struct send {
    std::uint64_t id{};
    std::string room;
    std::string nonce;
    std::string text;
    std::optional<std::uint64_t> reply_to{};
    static constexpr std::string_view type = "send";
    static constexpr std::string_view doc =
        "Sends a message to a room. `ok{seq, at, said}` means that it is on disk. The same nonce "
        "with the same content gets the first answer again; with other content, `conflict`.";
    static constexpr auto fields() {
        return std::array{
            field<&send::id>("id", request_id, "repeated in the answer"),
            field<&send::room>("room", room_name, "a public room, or a direct room of yours"),
            field<&send::nonce>("nonce", nonce_value,
                                "new for each message, the same for each resend of it"),
            field<&send::text>("text", message_text, "the message"),
            field<&send::reply_to>("reply_to", sequence, "an earlier event of this room"),
        };
    }
    // The event that it is in the log.
    event_body becomes() const { return message{.text = text, .reply_to = reply_to}; }
};

struct edit {
    std::uint64_t id{};
    std::string room;
    std::string nonce;
    std::uint64_t target{};
    std::uint64_t base{};
    std::string text;
    static constexpr std::string_view type = "edit";
    static constexpr std::string_view doc =
        "Puts another text in the place of a message of yours; `ok{seq}`. `conflict` with `rev` "
        "when it was edited meanwhile, `gone` when it was deleted.";
    static constexpr auto fields() {
        return std::array{
            field<&edit::id>("id", request_id, "repeated in the answer"),
            field<&edit::room>("room", room_name, "which room"),
            field<&edit::nonce>("nonce", nonce_value, "makes a resend safe, as in `send`"),
            field<&edit::target>("target", sequence, "the message"),
            field<&edit::base>("base", sequence, "its `rev`: which wording is edited"),
            field<&edit::text>("text", message_text, "the new text"),
        };
    }
    event_body becomes() const { return edited{.target = target, .base = base, .text = text}; }
};

struct delete_message {
    std::uint64_t id{};
    std::string room;
    std::string nonce;
    std::uint64_t target{};
    std::optional<std::string> reason{};
    static constexpr std::string_view type = "delete";
    static constexpr std::string_view doc =
        "Takes a message of yours away for good, with all its wordings; `ok{seq}`. No error when "
        "it is gone already.";
    static constexpr auto fields() {
        return std::array{
            field<&delete_message::id>("id", request_id, "repeated in the answer"),
            field<&delete_message::room>("room", room_name, "which room"),
            field<&delete_message::nonce>("nonce", nonce_value,
                                          "makes a resend safe, as in `send`"),
            field<&delete_message::target>("target", sequence, "the message"),
            field<&delete_message::reason>("reason", reason_text, "why, for people"),
        };
    }
    event_body becomes() const { return deleted{.target = target, .reason = reason}; }
};

struct react {
    std::uint64_t id{};
    std::string room;
    std::string nonce;
    std::uint64_t target{};
    std::string emoji;
    bool on{};
    static constexpr std::string_view type = "react";
    static constexpr std::string_view doc =
        "Reacts to a message, or takes a reaction back; `ok{seq}`. `gone` when it was deleted, "
        "`limit` when it has too many.";
    static constexpr auto fields() {
        return std::array{
            field<&react::id>("id", request_id, "repeated in the answer"),
            field<&react::room>("room", room_name, "which room"),
            field<&react::nonce>("nonce", nonce_value, "makes a resend safe, as in `send`"),
            field<&react::target>("target", sequence, "the message"),
            field<&react::emoji>("emoji", emoji_text, "one emoji"),
            field<&react::on>("on", flag, "false: takes it back"),
        };
    }
    event_body becomes() const {
        if (on) return reacted{.target = target, .emoji = plain_emoji(emoji)};
        return unreacted{.target = target, .emoji = plain_emoji(emoji)};
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
        "What is unread in rooms of yours: `ok{counts}`. Asked when `head` says that something was "
        "deleted. Rooms that are not yours are left out.";
    static constexpr auto fields() {
        return std::array{
            field<&counts::id>("id", request_id, "repeated in the answer"),
            list<&counts::rooms>("rooms", limits::counted_rooms_max, presence_of_list::required,
                                 room_name, "which rooms"),
        };
    }
};

struct create_room {
    std::uint64_t id{};
    std::string room;
    std::optional<std::string> title{};
    std::optional<std::string> nonce{};
    static constexpr std::string_view type = "create_room";
    static constexpr std::string_view doc =
        "Opens a public room and joins it; `ok{room, epoch, top, seq}`. Opening it again with the "
        "same title is no error.";
    static constexpr auto fields() {
        return std::array{
            field<&create_room::id>("id", request_id, "repeated in the answer"),
            field<&create_room::room>("room", room_name, "its name, which never changes"),
            field<&create_room::title>("title", room_title, "its title; without it, the name"),
            field<&create_room::nonce>("nonce", nonce_value, "makes a resend safe, as in `send`"),
        };
    }
    event_body becomes() const { return created{.title = title.value_or(room)}; }
};

struct open_direct {
    std::uint64_t id{};
    std::string nonce;
    std::vector<std::string> people;
    static constexpr std::string_view type = "open_direct";
    static constexpr std::string_view doc =
        "Opens the direct room of these people and you, or finds it, and puts it on your list; "
        "`ok{room, epoch, top, seq}`. The others see it once something is said there. `not_found` "
        "when one of them has no account, `forbidden` for guests.";
    static constexpr auto fields() {
        return std::array{
            field<&open_direct::id>("id", request_id, "repeated in the answer"),
            field<&open_direct::nonce>("nonce", nonce_value, "makes a resend safe, as in `send`"),
            list<&open_direct::people>("people", limits::direct_people_max - 1,
                                       presence_of_list::required, user_name,
                                       "the others, one to seven, each once, in any order"),
        };
    }
};
static_assert(limits::direct_people_max == 8, "`open_direct` says in words how many others");

struct join {
    std::uint64_t id{};
    std::string room;
    std::optional<std::string> nonce{};
    static constexpr std::string_view type = "join";
    static constexpr std::string_view doc =
        "Puts a room on your list; `ok{seq}`, without `seq` when no event says so. No error when "
        "it "
        "is there already.";
    static constexpr auto fields() {
        return std::array{
            field<&join::id>("id", request_id, "repeated in the answer"),
            field<&join::room>("room", room_name, "a public room, or a direct room of yours"),
            field<&join::nonce>("nonce", nonce_value, "makes a resend safe, as in `send`"),
        };
    }
    event_body becomes() const { return joined{}; }
};

struct leave {
    std::uint64_t id{};
    std::string room;
    std::optional<std::string> nonce{};
    static constexpr std::string_view type = "leave";
    static constexpr std::string_view doc =
        "Takes a room off your list; `ok{seq}`. No error when it is not there. A direct room is "
        "only closed: no event says so, and the next message there brings it back.";
    static constexpr auto fields() {
        return std::array{
            field<&leave::id>("id", request_id, "repeated in the answer"),
            field<&leave::room>("room", room_name, "which room"),
            field<&leave::nonce>("nonce", nonce_value, "makes a resend safe, as in `send`"),
        };
    }
    event_body becomes() const { return left{}; }
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

struct mark {
    std::uint64_t id{};
    std::string room;
    std::uint64_t seq{};
    static constexpr std::string_view type = "mark";
    static constexpr std::string_view doc =
        "You have read up to `seq`, or go back to it; `ok`. Your other devices get a `person`.";
    static constexpr auto fields() {
        return std::array{
            field<&mark::id>("id", request_id, "repeated in the answer"),
            field<&mark::room>("room", room_name, "a room of yours"),
            field<&mark::seq>("seq", sequence, "the last event that counts as read"),
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

static_assert(limits::typing_interval_ms == 3'000 && limits::typing_expiry_ms == 6'000,
              "`typing`, and `typing_sign` in notices.hpp, say these numbers in words");

}  // namespace parley::protocol
