// The requests that change what a person keeps (personal.hpp): for people who have signed in. They
// have no nonce, because each says how the record of its key is from now on.
#pragma once

#include "shared/protocol/personal.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace parley::protocol {

struct set_level {
    std::uint64_t id{};
    std::string room;
    std::optional<std::string> level{};
    std::optional<bool> on{};
    static constexpr std::string_view type = "level";
    static constexpr std::string_view doc =
        "What of a room you want to be notified of: `all`, `mentions` or `none`; `ok{person}`.";
    static constexpr auto fields() {
        return std::array{
            field<&set_level::id>("id", request_id, "repeated in the answer"),
            field<&set_level::room>("room", room_name, "which room"),
            field<&set_level::level>("level", level_word, "which of them; absent: all"),
            field<&set_level::on>("on", flag, "false: all again"),
        };
    }
    auto record() const {
        protocol::level out{.room = room, .level = level.value_or(std::string(room_level::all))};
        out.on = on.value_or(true) && out.level != room_level::all;
        if (!out.on) out.level = room_level::all;
        return out;
    }
};

struct set_star {
    std::uint64_t id{};
    std::string room;
    bool on{};
    static constexpr std::string_view type = "star";
    static constexpr std::string_view doc =
        "Puts a room at the top of your list, or back; `ok{person}`.";
    static constexpr auto fields() {
        return std::array{
            field<&set_star::id>("id", request_id, "repeated in the answer"),
            field<&set_star::room>("room", room_name, "which room"),
            field<&set_star::on>("on", flag, "false: back"),
        };
    }
    auto record() const { return star{.room = room, .on = on}; }
};

struct set_draft {
    std::uint64_t id{};
    std::string room;
    std::optional<std::string> text{};
    std::optional<bool> on{};
    static constexpr std::string_view type = "draft";
    static constexpr std::string_view doc =
        "Keeps what you are writing in a room, for all your devices; `ok{person}`. `limit` when "
        "all that you keep is too long.";
    static constexpr auto fields() {
        return std::array{
            field<&set_draft::id>("id", request_id, "repeated in the answer"),
            field<&set_draft::room>("room", room_name, "which room"),
            field<&set_draft::text>("text", draft_text, "the text; empty: there is none any more"),
            field<&set_draft::on>("on", flag, "false: there is none any more"),
        };
    }
    auto record() const {
        const bool is_on = on.value_or(true) && !text.value_or("").empty();
        return draft{.room = room, .text = is_on ? *text : "", .on = is_on};
    }
};

struct change_setting {
    std::uint64_t id{};
    std::string name;
    std::optional<std::string> value{};
    std::optional<bool> on{};
    static constexpr std::string_view type = "setting";
    static constexpr std::string_view doc =
        "Keeps a choice of yours, for all your devices; `ok{person}`. `limit` when all that "
        "you keep is too long.";
    static constexpr auto fields() {
        return std::array{
            field<&change_setting::id>("id", request_id, "repeated in the answer"),
            field<&change_setting::name>("name", setting_name, "what you choose"),
            field<&change_setting::value>("value", setting_value, "the choice; empty: none"),
            field<&change_setting::on>("on", flag, "false: none any more"),
        };
    }
    auto record() const {
        const bool is_on = on.value_or(true) && !value.value_or("").empty();
        return setting{.name = name, .value = is_on ? *value : "", .on = is_on};
    }
};

struct save {
    std::uint64_t id{};
    std::string room;
    std::uint64_t target{};
    bool on{};
    std::optional<std::string> note;
    static constexpr std::string_view type = "save";
    static constexpr std::string_view doc =
        "Keeps a message to find it again, or no longer; `ok{person}`. `limit` when all that "
        "you keep is too long.";
    static constexpr auto fields() {
        return std::array{
            field<&save::id>("id", request_id, "repeated in the answer"),
            field<&save::room>("room", room_name, "which room"),
            field<&save::target>("target", sequence, "the message"),
            field<&save::on>("on", flag, "false: no longer"),
            field<&save::note>("note", note_text, "for yourself"),
        };
    }
    auto record() const {
        return saved{.room = room,
                     .target = target,
                     .on = on,
                     .note = on ? note : std::optional<std::string>{}};
    }
};

// A request that changes a record of the person who makes it.
template <class Request>
concept keeps_record = requires(const Request& request) {
    request.record();
};

}  // namespace parley::protocol
