// Lists are unordered: a leaver's place is taken by the last.
#include "server/chat/room.hpp"

#include "server/chat/participant.hpp"
#include "shared/ensure.hpp"
#include "shared/fold/fold.hpp"
#include "shared/protocol/codec.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace parley::chat {
namespace {

// The members of a large room are spread over more memory than a cache holds, and waiting for it
// would cost more than all the rest: what comes up is asked for so many members ahead.
constexpr std::size_t fetched_ahead = 4;

// More than this is not kept waiting.
constexpr std::size_t owed_bytes_max = 64 * 1024;

}  // namespace

void room::saw(std::uint64_t epoch, std::uint64_t top, std::uint64_t said, std::uint64_t shrunk) {
    epoch_ = std::max(epoch_, epoch);
    const bool is_news = top > top_ || said > said_ || shrunk > shrunk_;
    // A head that was told while events were missing counted too little.
    if (top <= top_ && is_news)
        for (subscription* const watcher : watchers_) watcher->cursor_ = 0;
    top_ = std::max(top_, top);
    said_ = std::max(said_, said);
    shrunk_ = std::max(shrunk_, shrunk);
    if (is_news) repairs_.head_changed(*this);
}

std::vector<subscription*>& room::list_of(const subscription& who) {
    return who.subscribed() ? members_ : watchers_;
}

void room::add(subscription& newcomer) {
    auto& list = list_of(newcomer);
    newcomer.slot_ = static_cast<std::uint32_t>(list.size());
    list.push_back(&newcomer);
}

void room::remove(subscription& leaver) {
    if (std::exchange(leaver.hurried_, false)) std::erase(hurried_, &leaver);
    auto& list = list_of(leaver);
    list[leaver.slot_] = list.back();
    list[leaver.slot_]->slot_ = leaver.slot_;
    list.pop_back();
    if (members_.empty()) runs_ = feed();  // whoever comes next reads all anew
}

void room::change_phase(subscription& who, subscription::phase next) {
    if (next == subscription::phase::behind) counted_.behind.add();
    const bool moves = (next == subscription::phase::watching) == who.subscribed();
    if (moves) remove(who);
    who.phase_ = next;
    if (moves) add(who);
    if (next != subscription::phase::live || runs_.begun()) return;
    runs_.begin(who.cursor_);
    repairs_.repair(*this);
}

void room::collect(const std::shared_ptr<const broadcast>& run) {
    saw(run->epoch, run->last, run->said, run->shrunk);
    if (members_.empty()) return;  // whoever subscribes from here on reads it in a page
    if (runs_.hear(run)) owe(run);
    while (const auto next = runs_.next()) owe(next);
}

void room::owe(const std::shared_ptr<const broadcast>& run) {
    owed_.push_back(run);
    owed_bytes_ += run->json->size();
    for (subscription* speaker : std::exchange(hurried_, {})) {
        speaker->hurried_ = false;
        speaker->offer_promptly(owed_);
    }
}

void room::hurry(subscription& speaker) {
    if (!std::exchange(speaker.hurried_, true)) hurried_.push_back(&speaker);
}

void room::doubt() {
    if (!members_.empty()) runs_.doubt();
}

void room::collect_missing(page&& found, encode_counters& counted) {
    saw(found.epoch, found.top, found.said, found.shrunk);
    if (!runs_.begun()) return;
    runs_.page_read(found.top);
    std::vector<committed_event> missing;
    for (protocol::event& one : found.events)
        if (one.seq > runs_.end()) {
            fold::show_to_all(one);
            missing.push_back({.room = name_, .epoch = found.epoch, .event = std::move(one)});
        }
    for (const auto& run : make_broadcasts(std::move(missing), counted)) collect(run);
}

// By index: whoever reads from a ledger that refuses at once may leave.
void room::give_up_missing() {
    runs_.skip_to(top_);
    for (std::size_t i = 0; i < members_.size(); ++i)
        if (members_[i]->now() == subscription::phase::live && members_[i]->cursor() < top_)
            members_[i]->owner().missed(*members_[i]);
}

const participant* room::live_member(std::size_t turn) const {
    for (std::size_t i = 0; i < members_.size(); ++i) {
        const subscription* each = members_[(turn + i) % members_.size()];
        if (each->now() == subscription::phase::live) return &each->owner();
    }
    return nullptr;
}

std::uint64_t room::next_offered() const {
    return owed_.empty() ? runs_.end() + 1 : owed_.front()->first;
}

void room::check_invariants() const {
    runs_.check_invariants();
    for (const auto* list : {&members_, &watchers_})
        for (const subscription* each : *list) each->check_invariants();
}

bool room::owes_much() const { return owed_bytes_ > owed_bytes_max; }

std::size_t room::tell(time_us now, urgency when) {
    told_waits = false;
    if (owed_.empty()) return 0;
    const auto runs = std::exchange(owed_, {});
    owed_bytes_ = 0;
    told_at_ = now;
    const run_list all(runs);
    for (std::size_t begin = 0, end = 1; begin < runs.size(); begin = end++) {
        const auto follows = [](const broadcast& one, const broadcast& next) {
            return next.first == one.last + 1 && next.epoch == one.epoch;
        };
        while (end < runs.size() && follows(*runs[end - 1], *runs[end])) ++end;
        deliver(all.subspan(begin, end - begin), end == runs.size() ? when : urgency::deferrable);
    }
    if constexpr (invariants_are_checked) check_invariants();
    return members_.size();
}

void room::deliver(run_list parts, urgency when) {
    const auto whole = join(parts);
    for (std::size_t i = 0; i < members_.size(); ++i) {
        if (i + 2 * fetched_ahead < members_.size())
            __builtin_prefetch(members_[i + 2 * fetched_ahead]);
        if (i + fetched_ahead < members_.size()) members_[i + fetched_ahead]->prefetch_outlet();
        members_[i]->offer(*whole, parts, when);
    }
}

void room::tell_ephemeral(const wire::shared_frame& frame, std::string_view except) {
    for (subscription* member : members_) {
        participant& owner = member->owner();
        if (member->admitted() && is_json(owner.reads()) && owner.takes_ephemeral() &&
            owner.who().user != except)
            owner.far_end().push(frame);
    }
}

bool room::tell_head() {
    wire::shared_frame frame;
    bool all_told = true;
    for (subscription* watcher : watchers_) {
        if (watcher->cursor_ >= top_) continue;
        if (!watcher->owner().takes_ephemeral()) {
            all_told = false;
            continue;
        }
        if (!frame) frame = make_head_frame(*this);
        watcher->owner().far_end().push(frame);
        watcher->cursor_ = top_;
    }
    return all_told;
}

presence_summary room::present(const std::string& node) const {
    std::set<std::string_view> names;
    for (const subscription* member : members_)
        if (member->admitted()) names.insert(member->owner().who().user);
    presence_summary here{.room = name_, .node = node, .online = names.size(), .users = {}};
    for (const std::string_view name : names) {
        if (here.users.size() == protocol::limits::presence_names_max) break;
        here.users.emplace_back(name);
    }
    return here;
}

wire::shared_frame make_head_frame(const room& place) {
    return wire::make_frame(
        wire::opcode::text,
        protocol::encode(protocol::head{
            .room = place.name(),
            .epoch = place.epoch(),
            .top = place.top(),
            .said = place.said(),
            .shrunk = place.shrunk() > 0 ? std::optional(place.shrunk()) : std::nullopt}));
}

}  // namespace parley::chat
