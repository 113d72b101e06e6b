// The requests that change something for good. Each is a command of the server as it is, see
// server/chat/ledger.hpp. `becomes` is the event that says so in the log of the room.
#pragma once

#include "shared/protocol/emoji.hpp"
#include "shared/protocol/events.hpp"
#include "shared/protocol/personal_requests.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace parley::protocol {

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

struct pin {
    std::uint64_t id{};
    std::string room;
    std::string nonce;
    std::uint64_t target{};
    bool on{};
    static constexpr std::string_view type = "pin";
    static constexpr std::string_view doc =
        "Pins a message to its room, or takes the pin out; `ok{seq}`. `gone` when it was deleted, "
        "which unpins it too, `limit` when the room has as many as it may, `forbidden` for guests.";
    static constexpr auto fields() {
        return std::array{
            field<&pin::id>("id", request_id, "repeated in the answer"),
            field<&pin::room>("room", room_name, "which room"),
            field<&pin::nonce>("nonce", nonce_value, "makes a resend safe, as in `send`"),
            field<&pin::target>("target", sequence, "the message"),
            field<&pin::on>("on", flag, "false: takes it out"),
        };
    }
    event_body becomes() const {
        if (on) return pinned{.target = target};
        return unpinned{.target = target};
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

using durable_request =
    std::variant<send, edit, delete_message, react, pin, create_room, open_direct, join, leave,
                 mark, set_level, set_star, set_draft, change_setting, save>;

}  // namespace parley::protocol
