// What the rules of rooms, messages and people share. Nobody else includes this.
#pragma once

#include "server/chat/ledger.hpp"
#include "server/chat/working_set.hpp"

#include <optional>
#include <string>

namespace parley::chat::judging {

// ---- refusals

refusal refused(protocol::error_code code, std::string message, std::string field);
refusal no_such_account(std::string field);
refusal no_list();

// Whoever speaks is proved here, where nothing can happen in between.
std::optional<refusal> refuse_speaker(const working_set& set, const identity& by);

std::optional<refusal> refuse_new_name(const std::string& name, const std::string& field);

bool is_account(const person_row* person);

// Whether a person's list takes one more room.
std::optional<refusal> refuse_one_more_on_list(const working_set& set, const std::string& user);

// ---- receipts

receipt in_room(const room_row& room, std::uint64_t seq, time_ms at, std::uint64_t said = 0);
receipt of_event(const room_row& room, const protocol::event& event);
receipt unchanged(const room_row& room);

// ---- events

protocol::event event_of(const std::string& author, protocol::event_body body,
                         std::optional<std::string> nonce = {});

const protocol::event& join(working_set& set, const std::string& room, const std::string& user,
                            std::optional<std::string> nonce = {});
const protocol::event& leave(working_set& set, const std::string& room, const std::string& user,
                             std::optional<std::string> nonce = {});

// What a deletion has blanked counts as the same.
bool is_repeated(const protocol::created& before, const protocol::created& now);
bool is_repeated(const protocol::joined& before, const protocol::joined& now);
bool is_repeated(const protocol::left& before, const protocol::left& now);
bool is_repeated(const protocol::message& before, const protocol::message& now);
bool is_repeated(const protocol::edited& before, const protocol::edited& now);
bool is_repeated(const protocol::deleted& before, const protocol::deleted& now);
bool is_repeated(const protocol::reacted& before, const protocol::reacted& now);
bool is_repeated(const protocol::unreacted& before, const protocol::unreacted& now);

// The answer to a resend, or a refusal: the nonce was used for something else. Nothing: it is new.
template <class Body>
std::optional<outcome> first_answer(const working_set& set, const std::string& room,
                                    const std::string& author,
                                    const std::optional<std::string>& nonce, const Body& body) {
    const auto first = nonce ? set.first_under(author, *nonce) : std::nullopt;
    if (!first) return std::nullopt;
    const Body* const before = protocol::as<Body>(first->event);
    if (before && first->room == room && is_repeated(*before, body))
        return of_event(*set.room(room), first->event);
    return refused(protocol::error_code::conflict, "this nonce was used with other content",
                   "nonce");
}

// ---- the rule of a command: specialised in one of the files *_rules.cpp. The program does not
// link without it.

template <class Command>
outcome judge_one(working_set& set, const Command& command);

}  // namespace parley::chat::judging
