// The only place where events become bytes for many.
#include "server/chat/broadcast.hpp"

#include "server/chat/identity.hpp"
#include "shared/protocol/codec.hpp"
#include "shared/protocol/text.hpp"

#include <algorithm>

namespace parley::chat {
namespace {

using protocol::event;

// An upper bound of an event's JSON: every byte of its text escaped as two, and the names around it.
std::size_t json_bytes_at_most(const event& one) { return 2 * (one.text ? one.text->size() : 0) + 256; }

std::shared_ptr<const broadcast> seal(broadcast&& run, encode_counters& counted) {
    run.first = run.events.front().seq;
    run.last = run.events.back().seq;
    protocol::events message{run.room, run.epoch, std::move(run.events)};
    run.json = make_frame(opcode::text, protocol::encode(message));
    counted.broadcasts.add();
    counted.frames.add();
    run.events = std::move(message.events);
    run.plain = make_plain_frame(run.events);
    if (run.plain) counted.frames.add();
    return std::make_shared<const broadcast>(std::move(run));
}

// The runs that are being put together: one per room, sealed when full.
class gathering {
public:
    explicit gathering(encode_counters& counted) : counted_(counted) {}

    void add(committed&& one) {
        const std::size_t bytes = json_bytes_at_most(one.event);
        run& into = run_of(one.room, one.epoch);
        if (!into.what.events.empty() && into.bytes + bytes > protocol::limits::frame_out_bytes_max) flush(into);
        into.what.events.push_back(std::move(one.event));
        into.bytes += bytes;
    }

    std::vector<std::shared_ptr<const broadcast>> finish() {
        for (run& open : runs_) flush(open);
        return std::move(sealed_);
    }

private:
    static constexpr std::size_t envelope_bytes = 256;
    struct run {
        broadcast what;
        std::size_t bytes = envelope_bytes;
    };

    run& run_of(const std::string& room, std::uint64_t epoch) {
        const auto same = [&](const run& open) { return open.what.room == room && open.what.epoch == epoch; };
        const auto found = std::find_if(runs_.begin(), runs_.end(), same);
        if (found != runs_.end()) return *found;
        runs_.emplace_back();
        runs_.back().what.room = room;
        runs_.back().what.epoch = epoch;
        return runs_.back();
    }

    void flush(run& full) {
        if (full.what.events.empty()) return;
        broadcast next;
        next.room = full.what.room;
        next.epoch = full.what.epoch;
        sealed_.push_back(seal(std::move(full.what), counted_));
        full = {std::move(next), envelope_bytes};
    }

    encode_counters& counted_;
    std::vector<run> runs_;
    std::vector<std::shared_ptr<const broadcast>> sealed_;
};

}  // namespace

std::shared_ptr<const broadcast> join(run_list runs) {
    if (runs.size() == 1) return runs.front();
    std::string json, plain;
    for (const auto& run : runs) {
        json += *run->json;
        if (run->plain) plain += *run->plain;
    }
    const auto sealed = [](std::string&& frames) {
        return frames.empty() ? nullptr : std::make_shared<const std::string>(std::move(frames));
    };
    const broadcast& first = *runs.front();
    return std::make_shared<const broadcast>(broadcast{
        first.room, first.epoch, first.first, runs.back()->last, {}, sealed(std::move(json)), sealed(std::move(plain))});
}

shared_frame make_plain_frame(const std::vector<event>& events) {
    std::string frames;
    for (const event& one : events) {
        if (one.kind != protocol::event_kind::message || !one.text) continue;
        const std::string line = protocol::to_single_line(*one.text);
        append_frame(frames, opcode::text, one.author == unnamed_guest ? line : one.author + ": " + line);
    }
    if (frames.empty()) return nullptr;
    return std::make_shared<const std::string>(std::move(frames));
}

std::vector<std::shared_ptr<const broadcast>> make_broadcasts(std::vector<committed> group, encode_counters& counted) {
    gathering runs(counted);
    for (committed& one : group) runs.add(std::move(one));
    return runs.finish();
}

}  // namespace parley::chat
