// What one person keeps on the server: one struct for each kind of record. A record is found by its
// kind and key; one with `on` false is gone.
#pragma once

#include "shared/protocol/schema.hpp"
#include "shared/protocol/vocabulary.hpp"

#include <cstdint>
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

using personal_body = std::variant<unknown_kind, membership, read_mark>;

struct personal_record {
    personal_body body;
    static constexpr std::string_view record = "personal_record";
    static constexpr auto fields() { return std::array<field_schema, 0>{}; }
    static constexpr choice_schema choice() {
        return protocol::choice<&personal_record::body>("kind", "what it is; more kinds will come");
    }
};

}  // namespace parley::protocol
