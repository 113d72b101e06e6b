// A conversation's subscriptions: registered first, read second, merged by seq (see the invariants
// of subscription).
#include "server/chat/conversation.hpp"
#include "server/chat/hub.hpp"

#include <algorithm>
#include <utility>

namespace parley::chat {

using protocol::error_code;
namespace limits = protocol::limits;

namespace {

constexpr std::uint64_t newest_page = 100;

// The records that a device does not hold.
std::vector<protocol::personal_record> records_after(const personal_changes& found,
                                                     std::uint64_t held) {
    std::vector<protocol::personal_record> out;
    for (const kept_record& one : found.records)
        if (found.anew || one.seq > held) out.push_back(one.record);
    return out;
}

}  // namespace

// `rooms_begun`: start many rooms the shard had begun to follow when the list was asked for.
void conversation::welcome(request_id id, const std::vector<protocol::position>& resume,
                           room_list found, std::uint64_t rooms_begun) {
    protocol::welcome reply;
    reply.id = id.id;
    reply.me = who_.user;
    reply.server = "parley/" PARLEY_VERSION;
    reply.limits.send_burst = hub_.settings().send_burst;
    reply.limits.send_per_second = hub_.settings().send_per_second;
    reply.rooms = std::move(found.rooms);
    const auto summary_of = [&](const std::string& room) -> protocol::room_summary* {
        for (auto& one : reply.rooms)
            if (one.room == room) return &one;
        return nullptr;
    };
    for (const auto& held : resume)
        if (auto* room = summary_of(held.room);
            room && (held.epoch != room->epoch || held.seq > room->top))
            room->resync = true;
    const bool are_apart = manner_ == manner::connected &&
                           weight_of(found.personal) > limits::welcome_changes_bytes_max;
    if (who_.signed_in()) {
        reply.person = are_apart ? 0 : found.personal.seq;
        reply.changes.emplace();
    }
    if (!are_apart && found.personal.seq > 0) {
        if (found.personal.anew) reply.anew = true;
        reply.changes = records_after(found.personal, 0);
    }
    hub_.counted_.requests.done(id.type);
    far_end_.answer(protocol::encode(reply));
    if (manner_ == manner::exchange) return;
    if (are_apart) send_records(found.personal);
    sent_until(found.personal.seq);
    welcomed_ = true;
    bool is_doubtful = false;
    for (const auto& one : reply.rooms) {
        if (!one.joined) continue;
        put_on_list(one);
        const bool is_resumed = std::any_of(
            resume.begin(), resume.end(), [&](const auto& held) { return held.room == one.room; });
        // Nothing was heard of a room before this shard followed it; a page is read of a resumed
        // one.
        if (!is_resumed && find(one.room)->place().number() > rooms_begun) is_doubtful = true;
    }
    if (std::exchange(list_is_old_, false) || is_doubtful) hub_.doubt_list(who_.user);
    for (const auto& held : resume)
        if (const auto* room = summary_of(held.room)) {
            // Should its page be refused, this is its head.
            enter(held.room).place().saw(room->epoch, room->top, room->said,
                                         room->shrunk.value_or(0));
            begin(held.room, std::nullopt, held.epoch, held.seq);
        }
}

// A list from before what was told already says nothing but heads.
void conversation::list_read(const room_list& list) {
    if (list.personal.seq > sent_until()) tell_list(list);
    for (const auto& one : list.rooms) {
        subscription* const there = find(one.room);
        if (!there) continue;
        there->place().saw(one.epoch, one.top, one.said, one.shrunk.value_or(0));
        if (there->cursor() < one.top) hub_.head_changed(there->place());
    }
}

void conversation::send_records(const personal_changes& found) {
    protocol::person notice{
        .seq = found.seq, .anew = {}, .changes = records_after(found, sent_until()), .rooms = {}};
    if (found.anew) notice.anew = true;
    far_end_.answer(protocol::encode(notice));
}

// The whole list, and what is on it no more. Records that are long follow in a frame of their own.
void conversation::tell_list(const room_list& list) {
    const auto is_listed = [&list](const std::string& room) {
        return std::any_of(list.rooms.begin(), list.rooms.end(),
                           [&](const auto& one) { return one.room == room; });
    };
    const bool are_apart = weight_of(list.personal) > limits::welcome_changes_bytes_max;
    protocol::person notice{.seq = sent_until(), .anew = {}, .changes = {}, .rooms = list.rooms};
    if (!are_apart) {
        notice.seq = list.personal.seq;
        if (list.personal.anew) notice.anew = true;
        notice.changes = records_after(list.personal, sent_until());
    }
    for (const auto& one : list.rooms) put_on_list(one);
    std::vector<std::string> gone;
    for (const auto& one : subscriptions_)
        if (one->joined() && !is_listed(one->place().name())) gone.push_back(one->place().name());
    for (const std::string& room : gone) {
        notice.changes.push_back({.body = protocol::membership{.room = room, .on = false}});
        take_off_list(room);
    }
    far_end_.answer(protocol::encode(notice));
    if (are_apart) send_records(list.personal);
    sent_until(list.personal.seq);
}

void conversation::on(const protocol::subscribe& request, steady_ms now) {
    if (manner_ == manner::exchange)
        return refuse(request, error_code::unsupported, "only on a WebSocket");
    if (!admit_lookup(request, now)) return;
    const subscription* there = find(request.room);
    if (!(there && there->subscribed()) && subscribed_rooms() >= limits::subscriptions_max)
        return refuse(request, error_code::limit, "too many rooms are subscribed");
    begin(request.room, request, request.epoch, request.seq);
}

void conversation::on(const protocol::unsubscribe& request, steady_ms now) {
    if (manner_ == manner::exchange)
        return refuse(request, error_code::unsupported, "only on a WebSocket");
    if (!admit_lookup(request, now)) return;
    if (subscription* there = find(request.room); there && there->subscribed())
        stop_following(*there);
    answer_change(request, {});
}

// A room on the person's list goes on telling its head, and does so at once: whoever unsubscribes
// may have passed over the events that came meanwhile.
void conversation::stop_following(subscription& where) {
    if (!where.joined()) return leave(where);
    hub_.presence_changed(where.place());
    where.watch(0);
    hub_.head_changed(where.place());
}

void conversation::begin(const std::string& room, std::optional<request_id> id,
                         std::optional<std::uint64_t> epoch, std::optional<std::uint64_t> seq) {
    const auto reading = begin_reading(enter(room));
    if (id) ++in_flight_;
    protocol::position wanted{room, epoch.value_or(0), seq.value_or(0)};
    read_first_page({id, reading, std::move(wanted), seq ? paged::from_cursor : paged::newest});
}

void conversation::read_first_page(beginning start) {
    const auto from_cursor = start.paging == paged::from_cursor;
    const std::string room = start.wanted.room;
    const std::uint64_t seq = start.wanted.seq;
    auto begin_with = [start = std::move(start)](conversation& self, answer_to<read_run> found) {
        self.first_page(start, std::move(found));
    };
    if (from_cursor)
        return read(
            read_run{.room = room, .by = who_, .seq = seq, .limit = limits::history_page_max},
            std::move(begin_with));
    read(read_page{.room = room, .by = who_, .limit = newest_page}, std::move(begin_with));
}

// REQUIRES: in_flight_ counts this reading, if it has an answer.
void conversation::first_page(const beginning& start, answer_to<read_run> found) {
    subscription* there = find(start.wanted.room);
    if (there && there->reading() != start.reading)
        there = nullptr;  // left meanwhile, or begun anew
    auto* read = std::get_if<page>(&found);
    const bool foreign = read && ((start.wanted.epoch > 0 && start.wanted.epoch != read->epoch) ||
                                  start.wanted.seq > read->top);
    if (there && foreign && start.paging == paged::from_cursor)
        return read_first_page({start.id, start.reading, start.wanted, paged::resynced});
    if (start.id) --in_flight_;
    if (!read) return not_begun(start, there, std::get<refusal>(found));
    if (start.id) {
        protocol::ok reply;
        reply.epoch = read->epoch;
        reply.top = read->top;
        reply.said = read->said;
        if (read->shrunk > 0) reply.shrunk = read->shrunk;
        if (start.paging == paged::resynced) reply.resync = true;
        answer_ok(*start.id, std::move(reply));
    }
    if (!there) return;
    there->admit();
    hub_.presence_changed(there->place());
    if (there->place().presence_frame()) far_end_.push(there->place().presence_frame());
    start.paging == paged::from_cursor ? tell_run(*there, std::move(*read))
                                       : tell_page(*there, std::move(*read));
}

void conversation::not_begun(const beginning& start, subscription* there, const refusal& why) {
    if (start.id && there) stop_following(*there);
    if (start.id) return refuse(*start.id, why);
    if (!there) return;
    if (!protocol::meaning_of(why.code).retry) return stop_following(*there);
    // A resumed room has no answer to say `busy` with: its client is told the head, and fetches
    // what it lacks.
    there->admit();
    // The head is from before this shard followed the room, if it does so for nobody else.
    if (!there->place().runs().begun()) there->place().doubt();
    there->go_live_at(there->place().top());
    far_end_.push(make_head_frame(there->place()));
}

// A newest page, then what was held meanwhile.
void conversation::tell_page(subscription& where, page&& found) {
    room& place = where.place();
    place.saw(found.epoch, found.top, found.said, found.shrunk);
    // It fell behind while the page was read, and may be live again since: its cursor has moved.
    if (where.now() != subscription::phase::catching_up) return;
    hub_.counted_.deliveries.add(found.events.size());
    far_end_.tell_events(protocol::encode(protocol::page{.room = place.name(),
                                                         .epoch = found.epoch,
                                                         .from = found.from,
                                                         .to = found.to,
                                                         .events = std::move(found.events)}));
    if (!where.settle(found.to)) read_next_page(where);
}

// Queues the run, then what was held meanwhile; reads on until nothing is missing.
void conversation::tell_run(subscription& where, page&& found) {
    room& place = where.place();
    place.saw(found.epoch, found.top, found.said, found.shrunk);
    if (where.now() != subscription::phase::catching_up) return;
    if (!found.events.empty()) {
        hub_.counted_.deliveries.add(found.events.size());
        far_end_.tell_events(
            protocol::encode(protocol::events{place.name(), found.epoch, std::move(found.events)}));
    }
    if (!where.settle(found.to)) read_next_page(where);
}

void conversation::read_next_page(subscription& where) {
    if (is_behind()) return where.fall_behind();
    read_run next{.room = where.place().name(),
                  .by = who_,
                  .seq = where.cursor(),
                  .limit = limits::history_page_max};
    read(std::move(next), [room = where.place().name(), reading = where.reading()](
                              conversation& self, answer_to<read_run> found) {
        self.next_page(room, reading, std::move(found));
    });
}

void conversation::next_page(const std::string& room, std::uint32_t reading,
                             answer_to<read_run> found) {
    subscription* there = find(room);
    if (!there || there->reading() != reading) return;
    // The ledger could not read now: the client is told the head when it can be, and fetches the
    // rest.
    if (!std::holds_alternative<page>(found)) {
        there->go_live_at(there->place().top());
        return far_end_.push(make_head_frame(there->place()));
    }
    tell_run(*there, std::get<page>(std::move(found)));
}

void conversation::look_up_in_turn(query wanted, continuation then) {
    pages_wanted_.push_back({std::move(wanted), std::move(then)});
    read_pages();
}

void conversation::read_pages() {
    while (!pages_wanted_.empty() && pages_in_flight_ < pages_in_flight_max && !is_behind()) {
        auto next = std::move(pages_wanted_.front());
        pages_wanted_.erase(pages_wanted_.begin());
        ++pages_in_flight_;
        hub_.pages_.look_up(
            std::move(next.wanted), weak_from_this(),
            while_here<conversation, any_answer>(
                [then = std::move(next.then)](conversation& self, any_answer found) {
                    --self.pages_in_flight_;
                    then(self, std::move(found));
                    self.read_pages();
                }));
    }
}

// The client fetches what it lacks.
void conversation::missed(subscription& where) {
    if (is_behind()) return where.fall_behind();
    far_end_.push(make_head_frame(where.place()));
    where.go_live_at(where.place().top());
}

// Rooms that the ledger has not let it into yet begin when it reads again.
bool conversation::fall_behind() {
    for (const auto& one : subscriptions_)
        if (one->subscribed() && one->admitted()) one->fall_behind();
    return true;
}

void conversation::drained() {
    for (const auto& one : subscriptions_) {
        room& place = one->place();
        const bool behind = one->now() == subscription::phase::behind;
        const bool untold =
            one->now() == subscription::phase::watching && one->cursor() < place.top();
        if (!behind && !untold) continue;
        far_end_.push(make_head_frame(place));
        if (behind)
            one->go_live_at(place.top());
        else
            one->watch(place.top());
    }
    if (keeps_a_list() && std::exchange(list_is_old_, false)) hub_.doubt_list(who_.user);
    read_pages();
}

void conversation::say_bye(protocol::close_code code, std::string_view reason) {
    if (manner_ == manner::exchange) return;  // its answer is on the way, and is the last
    if (greeted_)
        far_end_.answer(protocol::encode(protocol::bye{
            static_cast<std::uint64_t>(code), std::string(reason), limits::reconnect_first_ms}));
    far_end_.close(code, reason);
}

}  // namespace parley::chat
