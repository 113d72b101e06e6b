// Requests: checked by the protocol, admitted, carried out by the ledger, answered.
#include "server/chat/conversation.hpp"

#include "server/chat/hub.hpp"
#include "server/chat/keys.hpp"

#include <utility>

namespace parley::chat {

using protocol::error_code;
namespace limits = protocol::limits;

namespace {

constexpr std::uint64_t busy_retry_ms = 250;
constexpr auto typing_signs = base::allowance::one_each(1, limits::typing_interval_ms);

}  // namespace

conversation::conversation(hub& owner, identity who, peer& far_end, manner kind)
    : participant(owner, std::move(who), far_end,
                  far_end.takes_deflated() ? frame_kind::deflated_json : frame_kind::json),
      manner_(kind),
      greeted_(kind == manner::exchange) {}

void conversation::receive(std::string_view text, steady_ms now) {
    auto read = protocol::decode_request(text);
    if (const auto* found = std::get_if<protocol::fault>(&read)) return refuse(*found);
    carry_out(std::get<protocol::request>(read), now);
}

void conversation::receive_binary() { refuse({error_code::bad_frame, "", "frames are text", {}}); }

void conversation::refuse(const protocol::fault& found) {
    hub_.counted_.requests.refused(unknown_request, found.code);
    far_end_.refuse(protocol::to_error(found));
    bad_frames_in_a_row_ = found.code == error_code::bad_frame ? bad_frames_in_a_row_ + 1 : 0;
    if (bad_frames_in_a_row_ >= limits::bad_frames_in_a_row_max)
        far_end_.close(protocol::close_code::malformed, "too many malformed frames");
}

void conversation::carry_out(const protocol::request& what, steady_ms now) {
    bad_frames_in_a_row_ = 0;
    std::visit([&](const auto& one) { on(one, now); }, what);
}

bool conversation::admit_change(request_id id, steady_ms now) {
    if (!admit(id)) return false;
    const auto retry_ms = manner_ == manner::exchange ? hub_.exchange_sends_.take(who_.user, now)
                                                      : sends_.take(hub_.settings().sends(), now);
    return keeps_to_rate(id, retry_ms, now);
}

// As fast as messages, and apart from them: whoever sends ends a draft each time.
bool conversation::admit_record(request_id id, steady_ms now) {
    if (!admit(id)) return false;
    const auto retry_ms = manner_ == manner::exchange ? hub_.exchange_records_.take(who_.user, now)
                                                      : records_.take(hub_.settings().sends(), now);
    return keeps_to_rate(id, retry_ms, now);
}

bool conversation::admit_lookup(request_id id, steady_ms now) {
    if (!admit(id)) return false;
    const auto retry_ms = manner_ == manner::exchange
                              ? hub_.exchange_lookups_.take(who_.user, now)
                              : lookups_.take(hub_.settings().lookups(), now);
    return keeps_to_rate(id, retry_ms, now);
}

bool conversation::keeps_to_rate(request_id id, std::uint64_t retry_ms, steady_ms now) {
    if (retry_ms == 0) return true;
    refuse(id, error_code::rate, "too fast", retry_ms);
    if (manner_ == manner::connected && refusals_.take(refusals_allowed, now) > 0)
        far_end_.close(protocol::close_code::malformed, "too fast, and told so too often");
    return false;
}

bool conversation::admit_member(request_id id) {
    if (!admit(id)) return false;
    if (!who_.session.empty()) return true;
    refuse(id, error_code::forbidden, "this connection has no list of rooms; subscribe instead");
    return false;
}

bool conversation::admit(request_id id) {
    if (!greeted_) {
        refuse(id, error_code::forbidden, "say hello first");
        return false;
    }
    if (in_flight_ >= limits::requests_in_flight_max) {
        refuse(id, error_code::busy, "too many requests are waiting for their answer",
               busy_retry_ms);
        return false;
    }
    return true;
}

void conversation::submit(request_id id, command what,
                          void (conversation::*answered)(request_id, const receipt&)) {
    ++in_flight_;
    hub_.log_.submit(std::move(what),
                     while_here<conversation, outcome>(
                         [id, answered](conversation& self, const outcome& became) {
                             --self.in_flight_;
                             if (const auto* why = std::get_if<refusal>(&became))
                                 return self.refuse(id, *why);
                             (self.*answered)(id, std::get<receipt>(became));
                         }));
}

void conversation::look_up(query wanted, continuation then) {
    hub_.log_.look_up(std::move(wanted), while_here<conversation, any_answer>(std::move(then)));
}

void conversation::on(const protocol::hello& request, steady_ms now) {
    if (greeted_ && manner_ == manner::connected)
        return refuse(request, error_code::conflict, "hello was said already");
    if (manner_ == manner::exchange && !admit_lookup(request, now)) return;
    greeted_ = true;  // what follows on its heels is answered, unless it is refused
    read_rooms wanted{.by = who_, .also = {}, .since = request.person};
    for (const auto& each : request.resume) wanted.also.push_back(each.room);
    if (who_.session.empty()) wanted.also.emplace_back(protocol::lobby);
    ++in_flight_;
    hub_.log_.ask(std::move(wanted),
                  while_here<conversation, answer_to<read_rooms>>(
                      [id = request_id(request), resume = request.resume,
                       begun = hub_.rooms_begun_](conversation& self, answer_to<read_rooms> found) {
                          --self.in_flight_;
                          const auto* why = std::get_if<refusal>(&found);
                          if (why) self.greeted_ = self.manner_ == manner::exchange;
                          if (why) return self.refuse(id, *why);
                          self.welcome(id, resume, std::get<room_list>(std::move(found)), begun);
                      }));
}

void conversation::on(const protocol::history& request, steady_ms now) {
    if (!admit_lookup(request, now)) return;
    using where = read_page::direction;
    if (request.before.has_value() + request.after.has_value() + request.around.has_value() > 1)
        return refuse(request, error_code::bad_field, "before, after and around exclude each other",
                      0, "before");
    read_page wanted{request.room, who_, where::newest, 0, request.limit};
    if (request.before) wanted.where = where::before, wanted.seq = *request.before;
    if (request.after) wanted.where = where::after, wanted.seq = *request.after;
    if (request.around) wanted.where = where::around, wanted.seq = *request.around;
    ask_in_turn(request, std::move(wanted), &conversation::answer_page);
}

void conversation::on(const protocol::catch_up& request, steady_ms now) {
    if (!admit_lookup(request, now)) return;
    read_run run{.room = request.room, .by = who_, .seq = request.seq, .limit = request.limit};
    ask_in_turn(request, std::move(run), &conversation::answer_run);
}

void conversation::on(const protocol::counts& request, steady_ms now) {
    if (admit_member(request) && admit_lookup(request, now))
        ask(request, read_counts{.by = who_, .rooms = request.rooms}, &conversation::answer_counts);
}

void conversation::on(const protocol::open_direct& request, steady_ms now) {
    if (!admit_change(request, now)) return;
    const std::string room = hub_.settings().name_direct_room(people_of(who_.user, request.people));
    submit(request, authored<protocol::open_direct>{request, who_, room},
           &conversation::answer_change);
}

void conversation::on(const protocol::list_rooms& request, steady_ms now) {
    if (admit_lookup(request, now))
        ask(request, read_public_rooms{who_, request.after.value_or("")},
            &conversation::answer_rooms);
}

void conversation::on(const protocol::mark& request, steady_ms now) {
    if (admit_lookup(request, now))
        submit(request, authored<protocol::mark>{request, who_}, &conversation::answer_change);
}

void conversation::on(const protocol::typing& request, steady_ms now) {
    if (manner_ == manner::exchange)
        return refuse(request, error_code::unsupported, "only on a WebSocket");
    hub_.counted_.requests.done(request_id(request).type);
    if (!may_tell_typing(request.room, request.active, now)) return;
    hub_.publish(typing_changed{.room = request.room, .user = who_.user, .active = request.active});
}

bool conversation::may_tell_typing(const std::string& room, bool active, steady_ms now) {
    const subscription* where = find(room);
    if (!where || !where->admitted()) return false;
    if (!active) return std::exchange(types_in_, {}) == room;
    // The limit is the connection's, whatever room it goes to, and a stop does not open the gate
    // for a new start.
    if (typing_.take(typing_signs, now) > 0) return false;
    types_in_ = room;
    return true;
}

void conversation::on(const protocol::ping& request, steady_ms) { answer_ok(request, {}); }

void conversation::answer_change(request_id id, const receipt& done) {
    protocol::ok reply;
    if (done.seq > 0) reply.seq = done.seq;
    if (done.person > 0) reply.person = done.person;
    if (!done.room.empty()) {
        reply.room = done.room;
        reply.epoch = done.epoch;
        reply.top = done.top;
    }
    answer_ok(id, std::move(reply));
}

namespace {

protocol::ok with_events(std::optional<std::uint64_t> id, page&& found) {
    protocol::ok reply;
    reply.id = id;
    reply.epoch = found.epoch;
    reply.top = found.top;
    reply.events = std::move(found.events);
    reply.more = found.more;
    return reply;
}

}  // namespace

void conversation::answer_page(request_id id, page&& found) {
    const std::uint64_t from = found.from, to = found.to;
    protocol::ok reply = with_events(id.id, std::move(found));
    reply.from = from;
    reply.to = to;
    hub_.counted_.requests.done(id.type);
    far_end_.answer_events(protocol::encode(reply));
}

void conversation::answer_run(request_id id, page&& found) {
    hub_.counted_.requests.done(id.type);
    far_end_.answer_events(protocol::encode(with_events(id.id, std::move(found))));
}

void conversation::answer_counts(request_id id, room_counts&& found) {
    protocol::ok reply;
    reply.counts = std::move(found.counts);
    reply.person = found.person;
    answer_ok(id, std::move(reply));
}

void conversation::answer_rooms(request_id id, room_list&& found) {
    protocol::ok reply;
    reply.rooms = std::move(found.rooms);
    reply.more = found.more;
    answer_ok(id, std::move(reply));
}

void conversation::answer_ok(request_id id, protocol::ok reply) {
    hub_.counted_.requests.done(id.type);
    reply.id = id.id;
    far_end_.answer(protocol::encode(reply));
}

void conversation::refuse(request_id id, error_code code, std::string_view message,
                          std::uint64_t retry_ms, std::string_view field) {
    refuse(id, refusal{code, std::string(message), std::string(field), retry_ms});
}

void conversation::refuse(request_id id, const refusal& why) {
    hub_.counted_.requests.refused(id.type, why.code);
    protocol::error reply;
    reply.id = id.id;
    reply.code = std::string(protocol::to_word(why.code));
    reply.message = why.message;
    if (!why.field.empty()) reply.field_at_fault = why.field;
    if (protocol::meaning_of(why.code).retry)
        reply.retry_ms = why.retry_ms > 0 ? why.retry_ms : busy_retry_ms;
    if (why.rev > 0) reply.rev = why.rev;
    far_end_.refuse(reply);
}

}  // namespace parley::chat
