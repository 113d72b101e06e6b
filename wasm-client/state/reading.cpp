// A message is counted once: when its ordinal is above the highest that was counted.
#include "wasm-client/state/reading.hpp"

#include <algorithm>
#include <utility>

namespace parley::state {
namespace {

// News in the events first..last of a stretch that has all of them.
std::uint64_t news_in(const stretch& all, std::uint64_t first, std::uint64_t last,
                      const std::string& me) {
    std::uint64_t news = 0;
    for (std::size_t i = all.index_of(first); i < all.entries.size(); ++i) {
        if (all.entries[i].seq > last) break;
        news += is_news(all.entries[i], me) ? 1 : 0;
    }
    return news;
}

const stretch* stretch_with(const room_log& log, std::uint64_t first, std::uint64_t last) {
    const stretch* const found = log.around(last);
    return found && found->from <= first ? found : nullptr;
}

}  // namespace

bool is_news(const protocol::event& entry, const std::string& me) {
    const auto* const message = protocol::as<protocol::message>(entry);
    return message && message->text && entry.author != me;
}

void take_summary_reading(room& r, const protocol::room_summary& summary, const std::string& me) {
    const std::uint64_t own = r.reading.is_ahead() ? r.reading.seq : 0;
    reading& known = r.reading;
    const bool is_old = summary.top < std::max(r.head, r.log.top());
    r.head = std::max({r.head, summary.top, r.log.top()});
    known.said = std::max(known.said, summary.said);
    known.seq = known.confirmed = summary.read;
    known.unread = summary.unread;
    known.shrunk = summary.top;
    known.uncertain = is_old;
    known.ask_at_ms = 0;
    if (own > summary.read) move_mark(r, own, std::nullopt, me);
}

void take_count(room& r, const protocol::room_count& count, const std::string& me) {
    reading& known = r.reading;
    if (known.is_ahead()) return;  // it is asked for again
    known.seq = known.confirmed = count.read;
    known.unread = count.unread;
    known.uncertain = false;
    const std::uint64_t said = std::max(known.said, count.said);
    known.said = count.said;
    count_until(r, said);
    count_in_copy(r, me);
}

void count_until(room& r, std::uint64_t said) {
    reading& known = r.reading;
    if (said <= known.said) return;
    // A single one that is one's own moves the mark of who had read everything, and is told.
    known.uncertain = known.uncertain || known.unread > 0 || said > known.said + 1 ||
                      std::exchange(known.own_unheard, 0) > 0;
    known.unread += said - known.said;
    known.said = said;
}

void count_event(room& r, const protocol::event& event, const std::string& me) {
    reading& known = r.reading;
    if (protocol::is_deletion(event.body) && event.seq > known.shrunk) {
        known.shrunk = event.seq;
        known.uncertain = known.uncertain || *protocol::target_of(event.body) > known.seq;
    }
    if (event.said.value_or(0) <= known.said) return;
    known.said = *event.said;
    if (event.author == me && known.own_unheard > 0) --known.own_unheard;
    if (event.seq > known.seq && is_news(event, me)) ++known.unread;
}

// What the server says of a mark may be newer than the head that is known here.
void move_mark(room& r, std::uint64_t seq, std::optional<std::uint64_t> said,
               const std::string& me) {
    reading& known = r.reading;
    const std::uint64_t before = std::exchange(known.seq, seq);
    if (before == seq) return;
    if (said ? *said >= known.said : seq >= r.head) {
        known.said = std::max(known.said, said.value_or(0));
        known.unread = 0;
        known.uncertain = false;
        return;
    }
    const stretch* const part = before < seq ? stretch_with(r.log, before + 1, seq) : nullptr;
    if (part) {
        known.unread -= std::min(known.unread, news_in(*part, before + 1, seq, me));
        return;
    }
    if (said) known.unread = known.said - *said;
    known.uncertain = true;
    count_in_copy(r, me);
}

void count_in_copy(room& r, const std::string& me) {
    reading& known = r.reading;
    if (!known.uncertain) return;
    const bool all_read = known.seq >= r.head;
    const stretch* const all = all_read ? nullptr : stretch_with(r.log, known.seq + 1, r.head);
    if (!all_read && !all) return;
    known.unread = all ? news_in(*all, known.seq + 1, r.head, me) : 0;
    known.uncertain = false;
}

}  // namespace parley::state
