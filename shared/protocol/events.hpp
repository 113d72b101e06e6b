// What happens in a room and lasts: one struct for each kind of event. A ledger keeps the struct of
// an event as its body. Some kinds are entries, each a row in the timeline; others change an
// earlier message, their `target`: shared/fold applies them.
#pragma once

#include "shared/protocol/schema.hpp"
#include "shared/protocol/vocabulary.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace parley::protocol {

// ---- entries

struct created {
    std::string title{};
    static constexpr std::string_view type = "created";
    static constexpr std::string_view doc = "The room was opened: always its first event.";
    static constexpr auto fields() {
        return std::array{field<&created::title>("title", room_title, "the room's title")};
    }
    bool operator==(const created&) const = default;
};

// Who reacted to a message with one emoji.
struct reaction {
    std::string emoji{};
    std::uint64_t count{};
    std::vector<std::string> people{};
    std::optional<bool> mine{};
    static constexpr std::string_view record = "reaction";
    static constexpr auto fields() {
        return std::array{
            field<&reaction::emoji>("emoji", emoji_text, "without U+FE0F"),
            field<&reaction::count>("count", protocol::count, "how many reacted so"),
            list<&reaction::people>("people", limits::reactions_max, presence_of_list::optional,
                                    person_name, "the first 20 of them"),
            field<&reaction::mine>("mine", flag, "whether you are among all of them"),
        };
    }
};

// As it was sent or, in pages, runs and summaries, folded: with all changes up to `rev` and
// `marks`.
struct message {
    std::optional<std::string> text{};
    std::optional<std::uint64_t> reply_to{};
    std::optional<std::uint64_t> rev{};
    std::optional<std::uint64_t> edited{};
    std::optional<std::uint64_t> edits{};
    std::optional<bool> deleted{};
    std::optional<std::uint64_t> marks{};
    std::optional<bool> pinned{};
    std::vector<reaction> reactions{};
    static constexpr std::string_view type = "message";
    static constexpr std::string_view doc =
        "Somebody wrote. In answers it comes folded: with all its changes so far.";
    static constexpr auto fields() {
        return std::array{
            field<&message::text>("text", message_text, "the message; none when it was deleted"),
            field<&message::reply_to>("reply_to", sequence, "the message that this one answers"),
            field<&message::rev>("rev", sequence,
                                 "seq of the last change of its content that is in; without it, "
                                 "its own seq"),
            field<&message::edited>("edited", timestamp, "when it was edited last"),
            field<&message::edits>("edits", count, "how often it was edited"),
            field<&message::deleted>("deleted", flag, "only that it was there is left"),
            field<&message::marks>("marks", sequence,
                                   "seq of the last reaction or pin that is in; without it, its "
                                   "own seq"),
            field<&message::pinned>("pinned", flag, "pinned to its room"),
            list<&message::reactions>("reactions", limits::emoji_max, presence_of_list::optional,
                                      "in the order of their first use"),
        };
    }
};

struct joined {
    static constexpr std::string_view type = "joined";
    static constexpr std::string_view doc = "The author came onto the room's list of members.";
    static constexpr auto fields() { return std::array<field_schema, 0>{}; }
    bool operator==(const joined&) const = default;
};

struct left {
    static constexpr std::string_view type = "left";
    static constexpr std::string_view doc = "The author went.";
    static constexpr auto fields() { return std::array<field_schema, 0>{}; }
    bool operator==(const left&) const = default;
};

// ---- changes

struct edited {
    std::uint64_t target{};
    std::uint64_t base{};
    std::optional<std::string> text{};
    static constexpr std::string_view type = "edited";
    static constexpr std::string_view doc = "The author put another text in a message's place.";
    static constexpr auto fields() {
        return std::array{
            field<&edited::target>("target", sequence, "the message"),
            field<&edited::base>("base", sequence, "its `rev` before"),
            field<&edited::text>("text", message_text,
                                 "what it says now; none when it was deleted since"),
        };
    }
};

struct deleted {
    std::uint64_t target{};
    std::optional<std::string> reason{};
    static constexpr std::string_view type = "deleted";
    static constexpr std::string_view doc =
        "A message and all its wordings were taken away for good.";
    static constexpr auto fields() {
        return std::array{
            field<&deleted::target>("target", sequence, "the message"),
            field<&deleted::reason>("reason", reason_text, "why, for people"),
        };
    }
};

struct reacted {
    std::uint64_t target{};
    std::string emoji{};
    static constexpr std::string_view type = "reacted";
    static constexpr std::string_view doc = "The author reacted to a message.";
    static constexpr auto fields() {
        return std::array{
            field<&reacted::target>("target", sequence, "the message"),
            field<&reacted::emoji>("emoji", emoji_text, "without U+FE0F"),
        };
    }
    bool operator==(const reacted&) const = default;
};

struct unreacted {
    std::uint64_t target{};
    std::string emoji{};
    static constexpr std::string_view type = "unreacted";
    static constexpr std::string_view doc = "The author took a reaction back.";
    static constexpr auto fields() {
        return std::array{
            field<&unreacted::target>("target", sequence, "the message"),
            field<&unreacted::emoji>("emoji", emoji_text, "without U+FE0F"),
        };
    }
    bool operator==(const unreacted&) const = default;
};

struct pinned {
    std::uint64_t target{};
    static constexpr std::string_view type = "pinned";
    static constexpr std::string_view doc = "The author pinned a message to the room.";
    static constexpr auto fields() {
        return std::array{field<&pinned::target>("target", sequence, "the message")};
    }
    bool operator==(const pinned&) const = default;
};

struct unpinned {
    std::uint64_t target{};
    static constexpr std::string_view type = "unpinned";
    static constexpr std::string_view doc = "The author took the pin out.";
    static constexpr auto fields() {
        return std::array{field<&unpinned::target>("target", sequence, "the message")};
    }
    bool operator==(const unpinned&) const = default;
};

// ---- all of them

using event_body = std::variant<unknown_kind, created, message, joined, left, edited, deleted,
                                reacted, unreacted, pinned, unpinned>;

struct event {
    std::uint64_t seq{};
    std::uint64_t at{};
    std::string author;
    std::optional<std::uint64_t> said;
    std::optional<std::string> nonce;
    event_body body;
    static constexpr std::string_view record = "event";
    static constexpr auto fields() {
        return std::array{
            field<&event::seq>("seq", sequence, "contiguous from 1 in each room"),
            field<&event::at>("at", timestamp, "when it was committed"),
            field<&event::author>("author", person_name, "who did it"),
            field<&event::said>("said", sequence,
                                "of a message: how many messages the room has had, it included"),
            field<&event::nonce>("nonce", nonce_value, "as the author sent it"),
        };
    }
    static constexpr choice_schema choice() {
        return protocol::choice<&event::body>("kind", "what happened; more kinds will come");
    }
};

// The body as this kind; null: it is another.
template <class Kind>
const Kind* as(const event& event) {
    return std::get_if<Kind>(&event.body);
}
template <class Kind>
Kind* as(event& event) {
    return std::get_if<Kind>(&event.body);
}

// The seq of the message that the event changes; nothing: it is an entry, or of no known kind.
inline std::optional<std::uint64_t> target_of(const event_body& body) {
    return std::visit(
        [](const auto& kind) -> std::optional<std::uint64_t> {
            if constexpr (requires { kind.target; })
                return kind.target;
            else
                return std::nullopt;
        },
        body);
}

inline bool is_entry(const event& event) {
    return !std::holds_alternative<unknown_kind>(event.body) && !target_of(event.body);
}

// Whether others have it unread until they have seen it.
inline bool counts_as_unread(const event_body& body) {
    return std::holds_alternative<message>(body);
}

// Whether the event takes away what its target said.
inline bool is_deletion(const event_body& body) { return std::holds_alternative<deleted>(body); }

// The reaction with this emoji; null: nobody reacted so.
inline const reaction* find_reaction(const message& folded, std::string_view emoji) {
    for (const reaction& one : folded.reactions)
        if (one.emoji == emoji) return &one;
    return nullptr;
}

inline bool is_pinned(const event& event) {
    const auto* const folded = as<message>(event);
    return folded && folded->pinned.value_or(false);
}

// Of the content of a message, see `message::rev`. REQUIRES: it is a message.
inline std::uint64_t rev_of(const event& event) {
    const auto* const folded = as<message>(event);
    ensure(folded);
    return folded->rev.value_or(event.seq);
}

// The seq of the event with the wording before this one; nothing: there is none before it.
inline std::optional<std::uint64_t> wording_before(const event_body& body) {
    const auto* const edit = std::get_if<edited>(&body);
    return edit ? std::optional(edit->base) : std::nullopt;
}

// The text of a message or an edit; empty: it is neither, or the message was deleted.
inline std::string_view text_of(const event& event) {
    return std::visit(
        [](const auto& kind) -> std::string_view {
            if constexpr (requires { kind.text.value().size(); })
                return kind.text ? std::string_view(*kind.text) : std::string_view();
            else
                return {};
        },
        event.body);
}

}  // namespace parley::protocol
