// The rule of seq for runs: top + 1 is applied, a lower one is a duplicate, a higher one shows a
// gap.
#include "wasm-client/state/room_log.hpp"

#include "shared/fold/fold.hpp"
#include "shared/protocol/limits.hpp"

#include <algorithm>
#include <utility>

namespace parley::state {
namespace {

std::size_t bytes_of(const protocol::event& entry) { return protocol::text_of(entry).size(); }

bool before_seq(const protocol::event& entry, std::uint64_t seq) { return entry.seq < seq; }

// Whether the one has all changes that the other has.
bool is_as_new(const protocol::event& one, const protocol::event& other) {
    const auto* const a = protocol::as<protocol::message>(one);
    const auto* const b = protocol::as<protocol::message>(other);
    if (!a || !b) return true;
    return protocol::rev_of(one) >= protocol::rev_of(other) &&
           a->marks.value_or(one.seq) >= b->marks.value_or(other.seq);
}

// Brings the older of two states of an entry to the newer one.
void make_equal(protocol::event& one, protocol::event& other) {
    if (is_as_new(one, other))
        other = one;
    else
        one = other;
}

}  // namespace

std::size_t stretch::index_of(std::uint64_t seq) const {
    return static_cast<std::size_t>(
        std::lower_bound(entries.begin(), entries.end(), seq, before_seq) - entries.begin());
}

const stretch* room_log::around(std::uint64_t seq) const {
    const auto it = std::find_if(stretches_.begin(), stretches_.end(),
                                 [&](const stretch& one) { return one.contains(seq); });
    return it == stretches_.end() ? nullptr : &*it;
}

const protocol::event* room_log::find(std::uint64_t seq) const {
    const stretch* const where = around(seq);
    if (!where) return nullptr;
    const std::size_t index = where->index_of(seq);
    const bool found = index < where->entries.size() && where->entries[index].seq == seq;
    return found ? &where->entries[index] : nullptr;
}

protocol::event* room_log::find_mutable(std::uint64_t seq) {
    return const_cast<protocol::event*>(find(seq));
}

room_log::verdict room_log::apply(protocol::event next) {
    if (next.seq == 0 || (!empty() && next.seq <= top())) return verdict::duplicate;
    if (!empty() && next.seq != top() + 1) return verdict::gap;
    if (empty()) {
        stretches_.push_back({.from = next.seq, .to = next.seq, .entries = {}});
        changes_forgotten_to_ = next.seq - 1;
    }
    stretch& tail = stretches_.back();
    tail.to = next.seq;
    if (protocol::target_of(next.body)) {
        fold(next);
        remember(next);
    } else if (protocol::is_entry(next)) {
        add_entry(tail, std::move(next));
        if (entries_ > log_entries_max || bytes_ > log_bytes_max) forget_oldest();
    }
    changed();
    return verdict::applied;
}

// What lies beyond the last stretch comes in runs: they tell all stretches of their changes.
bool room_log::take(page_of_log page) {
    if (!empty()) page.to = std::min(page.to, top());
    if (page.from == 0 || page.to < page.from || page.top < changes_forgotten_to_) return false;
    if (empty()) changes_forgotten_to_ = page.top;
    stretch taken{.from = page.from, .to = page.to, .entries = {}};
    for (protocol::event& entry : page.entries) {
        const std::uint64_t last = taken.entries.empty() ? 0 : taken.entries.back().seq;
        if (!taken.contains(entry.seq) || entry.seq <= last || !protocol::is_entry(entry)) continue;
        if (protocol::event* const known = find_mutable(entry.seq)) make_equal(entry, *known);
        taken.entries.push_back(std::move(entry));
    }
    const auto after = std::find_if(stretches_.begin(), stretches_.end(),
                                    [&](const stretch& one) { return one.from > taken.from; });
    stretches_.insert(after, std::move(taken));
    merge_touching();
    recount();
    for (const protocol::event& change : recent_changes_) fold(change);
    if (entries_ > log_entries_max || bytes_ > log_bytes_max) forget_oldest();
    changed();
    return true;
}

// Entries that both of two stretches have are equal: take() saw to that.
void room_log::merge_touching() {
    for (std::size_t i = 0; i + 1 < stretches_.size();) {
        stretch& left = stretches_[i];
        stretch& right = stretches_[i + 1];
        if (left.to + 1 < right.from) {
            ++i;
            continue;
        }
        std::vector<protocol::event> both;
        both.reserve(left.entries.size() + right.entries.size());
        for (protocol::event& entry : left.entries)
            if (entry.seq < right.from) both.push_back(std::move(entry));
        for (protocol::event& entry : right.entries) both.push_back(std::move(entry));
        for (protocol::event& entry : left.entries)
            if (entry.seq > right.to) both.push_back(std::move(entry));
        left.to = std::max(left.to, right.to);
        left.entries = std::move(both);
        stretches_.erase(stretches_.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    }
}

void room_log::recount() {
    entries_ = 0;
    bytes_ = 0;
    for (const stretch& one : stretches_) {
        entries_ += one.entries.size();
        for (const protocol::event& entry : one.entries) bytes_ += bytes_of(entry);
    }
}

void room_log::add_entry(stretch& to, protocol::event entry) {
    bytes_ += bytes_of(entry);
    ++entries_;
    to.entries.push_back(std::move(entry));
}

// The target of a change may be in no stretch: a page that brings it has the change in already.
void room_log::fold(const protocol::event& change) {
    protocol::event* const target = find_mutable(*protocol::target_of(change.body));
    if (!target || !protocol::as<protocol::message>(*target)) return;
    bytes_ -= bytes_of(*target);
    fold::apply(*target, change);
    bytes_ += bytes_of(*target);
}

void room_log::remember(const protocol::event& change) {
    recent_changes_.push_back(change);
    if (recent_changes_.size() <= recent_changes_max) return;
    changes_forgotten_to_ = recent_changes_.front().seq;
    recent_changes_.erase(recent_changes_.begin());
}

void room_log::forget_oldest() {
    std::size_t count = std::min(forgotten_at_once, entries_ / 2);
    while (count > 0) {
        stretch& first = stretches_.front();
        if (stretches_.size() > 1 && first.entries.size() <= count) {
            count -= first.entries.size();
            entries_ -= first.entries.size();
            for (const protocol::event& entry : first.entries) bytes_ -= bytes_of(entry);
            stretches_.erase(stretches_.begin());
            continue;
        }
        const auto end = first.entries.begin() + static_cast<std::ptrdiff_t>(count);
        for (auto entry = first.entries.begin(); entry != end; ++entry) bytes_ -= bytes_of(*entry);
        first.entries.erase(first.entries.begin(), end);
        entries_ -= std::exchange(count, 0);
        first.from = first.entries.front().seq;
    }
}

void room_log::check_invariants() const {
    std::size_t bytes = 0, entries = 0;
    std::uint64_t end = 0;
    for (const stretch& one : stretches_) {
        ensure(one.from > 0 && one.from <= one.to && (end == 0 || one.from > end + 1));
        end = one.to;
        std::uint64_t last = one.from - 1;
        for (const protocol::event& entry : one.entries) {
            ensure(entry.seq > last && entry.seq <= one.to && protocol::is_entry(entry));
            last = entry.seq;
            bytes += bytes_of(entry);
        }
        entries += one.entries.size();
    }
    ensure(entries == entries_ && bytes == bytes_);
    ensure(entries_ <= log_entries_max + protocol::limits::history_page_max);
    // The last entries may exceed it.
    ensure(bytes_ <= log_bytes_max + protocol::limits::frame_out_bytes_max);
}

}  // namespace parley::state
