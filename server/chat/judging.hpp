// What the rules of rooms, messages and people share. Nobody else includes this.
#pragma once

#include "server/chat/ledger.hpp"
#include "server/chat/working_set.hpp"
#include "shared/protocol/rights.hpp"

#include <optional>
#include <string>

namespace parley::chat::judging {

// ---- refusals

refusal refused(protocol::error_code code, std::string message, std::string field);
refusal no_such_account(std::string field);

// Whoever speaks is proved here, where nothing can happen in between.
std::optional<refusal> refuse_speaker(const working_set& set, const identity& by);

// What the table of rights says (shared/protocol/rights.hpp). `room`: null when there is none.
std::optional<refusal> refuse(const identity& by, protocol::action what, const room_row* room,
                              protocol::membership_state membership = {},
                              protocol::target_state target = {});

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

// The answer to a resend, or a refusal: the nonce was used for something else. Nothing: it is new.
std::optional<outcome> first_answer(const working_set& set, const std::string& room,
                                    const std::string& author,
                                    const std::optional<std::string>& nonce,
                                    const protocol::event_body& body);

// What a request with a nonce begins with: its speaker is proved, and a resend gets its first
// answer, whatever has changed since.
template <class Request>
std::optional<outcome> answer_at_once(const working_set& set, const authored<Request>& command,
                                      const protocol::event_body& body) {
    if (auto why = refuse_speaker(set, command.by)) return *why;
    return first_answer(set, command.room, command.by.user, command.nonce, body);
}

// ---- the rule of a command: specialised in one of the files *_rules.cpp. The program does not
// link without it.

template <class Command>
outcome judge_one(working_set& set, const Command& command);

}  // namespace parley::chat::judging
