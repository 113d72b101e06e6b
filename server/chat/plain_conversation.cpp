// The seeds' protocol, on the same log as everything else.
#include "server/chat/plain_conversation.hpp"

#include "server/chat/hub.hpp"
#include "shared/protocol/text.hpp"

#include <algorithm>

namespace parley::chat {

using protocol::error_code;
namespace limits = protocol::limits;

plain_conversation::plain_conversation(hub& owner, identity who, peer& far_end)
    : participant(owner, std::move(who), far_end,
                  far_end.takes_deflated() ? frame_kind::deflated_plain : frame_kind::plain) {}

void find_plain_entry(ledger& log, const identity& who, const std::string& room,
                      std::function<std::uint64_t()> may_open,
                      std::function<void(std::variant<std::uint64_t, refusal>)> done) {
    read_page newest{room, who, read_page::direction::newest, 0, 1};
    log.ask(std::move(newest),
            [&log, who, room, may_open, done](const answer_to<read_page>& found) {
                const auto* why = std::get_if<refusal>(&found);
                if (!why) return done(std::get<page>(found).top);
                if (why->code != protocol::error_code::not_found) return done(*why);
                if (const auto retry_ms = may_open())
                    return done(refusal{protocol::error_code::rate,
                                        "too many rooms are opened from there", "", retry_ms});
                log.submit(authored<protocol::create_room>{{.room = room}, who},
                           [&log, who, room, may_open, done](const outcome& became) {
                               if (const auto* opened = std::get_if<receipt>(&became))
                                   return done(opened->top);
                               const auto& refused = std::get<refusal>(became);
                               if (refused.code != protocol::error_code::conflict)
                                   return done(refused);
                               find_plain_entry(log, who, room, may_open,
                                                done);  // somebody else was faster
                           });
            });
}

void plain_conversation::begin(const std::string& room, std::uint64_t entry) {
    room_ = room;
    subscription& there = enter(room_);
    begin_reading(there);
    there.admit();
    there.start_at(entry);
    hub_.presence_changed(there.place());
    read_on();
}

void plain_conversation::receive(std::string_view text, steady_ms now) {
    std::string line = protocol::to_single_line(text);
    if (line.empty()) return;
    if (line.size() > limits::text_bytes_max)
        return refuse(error_code::too_large,
                      "a message has at most " + std::to_string(limits::text_bytes_max) + " bytes");
    if (in_flight_ >= limits::requests_in_flight_max)
        return refuse(error_code::busy, "too fast; the last line was not said");
    if (!keeps_to_rate(now)) return;
    ++in_flight_;
    hub_.log_.submit(
        authored<protocol::send>{
            {.room = room_, .nonce = hub_.next_nonce(), .text = std::move(line)}, who_},
        while_here<plain_conversation, outcome>(
            [](plain_conversation& self, const outcome& became) {
                --self.in_flight_;
                if (const auto* why = std::get_if<refusal>(&became))
                    return self.refuse(why->code, why->message);
                self.hub_.counted_.requests.done(plain_line);
                self.hear_soon(self.room_);
            }));
}

bool plain_conversation::keeps_to_rate(steady_ms now) {
    const auto retry_ms = sends_.take(hub_.settings().sends(), now);
    if (retry_ms == 0) return true;
    refuse(error_code::rate,
           "too fast; the last line was not said, again in " + std::to_string(retry_ms) + " ms");
    if (refusals_.take(refusals_allowed, now) > 0)
        far_end_.close(protocol::close_code::malformed, "too fast, and told so too often");
    return false;
}

void plain_conversation::receive_binary() {
    far_end_.close(protocol::close_code::unsupported_data, "this address takes text");
}

void plain_conversation::missed(subscription& where) {
    begin_reading(where);
    read_on();
}

// A plain client cannot fetch what it missed, so the server reads it from the log.
void plain_conversation::drained() {
    if (subscription* there = find(room_); there && there->now() == subscription::phase::behind)
        missed(*there);
}

// What is queued stays: the cursor is behind it.
bool plain_conversation::fall_behind() {
    subscription* there = find(room_);
    if (there && there->now() == subscription::phase::live) there->fall_behind();
    return false;
}

void plain_conversation::read_on() {
    subscription* there = find(room_);
    if (!there) return;
    if (is_behind()) return there->fall_behind();
    read_run next{
        .room = room_, .by = who_, .seq = there->cursor(), .limit = limits::history_page_max};
    hub_.pages_.ask(std::move(next), weak_from_this(),
                    while_here<plain_conversation, answer_to<read_run>>(
                        [reading = there->reading()](plain_conversation& self,
                                                     const answer_to<read_run>& found) {
                            self.page_read(reading, found);
                        }));
}

void plain_conversation::page_read(std::uint32_t reading, const answer_to<read_run>& found) {
    subscription* there = find(room_);
    if (!there || there->reading() != reading) return;
    if (const auto* why = std::get_if<refusal>(&found)) return turn_away(*why);
    const auto& read = std::get<page>(found);
    there->place().saw(read.epoch, read.top, read.said, read.shrunk);
    if (const auto frames = make_plain_frame(read.events)) far_end_.push(frames);
    hub_.counted_.deliveries.add(read.events.size());
    if (!there->settle(read.to)) read_on();
}

void plain_conversation::refuse(error_code code, std::string_view what) {
    hub_.counted_.requests.refused(plain_line, code);
    complain(what);
}

void plain_conversation::complain(std::string_view what) {
    far_end_.answer("parley: " + std::string(what));
}

void plain_conversation::turn_away(const refusal& why) {
    complain(why.message);
    const bool later = protocol::meaning_of(why.code).retry;
    far_end_.close(later ? protocol::close_code::overload : protocol::close_code::unauthenticated,
                   why.message);
}

void plain_conversation::say_bye(protocol::close_code code, std::string_view reason) {
    far_end_.close(code, reason);
}

}  // namespace parley::chat
