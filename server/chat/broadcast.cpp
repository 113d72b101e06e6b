// The only place where events become bytes for many.
#include "server/chat/broadcast.hpp"

#include "server/chat/identity.hpp"
#include "shared/protocol/codec.hpp"
#include "shared/protocol/text.hpp"
#include "shared/protocol/vocabulary.hpp"

#include <algorithm>

namespace parley::chat {
namespace {

using protocol::event;

// An upper bound of an event's JSON: every byte of its text escaped as two, and the names around
// it.
std::size_t json_bytes_at_most(const event& one) {
    namespace limits = protocol::limits;
    constexpr std::size_t others =
        256 + 2 * std::max(limits::title_bytes_max, limits::reason_bytes_max);
    constexpr std::size_t name = limits::user_name_bytes_max + 4;
    std::size_t bytes = 2 * protocol::text_of(one).size() + others;
    if (const auto* const message = protocol::as<protocol::message>(one))
        for (const protocol::reaction& reaction : message->reactions)
            bytes += 2 * limits::emoji_bytes_max + 64 + name * reaction.people.size();
    return bytes;
}

// Whether a line begins as the lines of somebody with a name do: "ann: hello".
bool looks_named(std::string_view line) {
    const auto colon = line.find(": ");
    return colon != std::string_view::npos &&
           protocol::obeys(protocol::person_name, line.substr(0, colon));
}

// Whether the message that the event changes is among these, and tells the change already.
bool is_folded_in(const event& change, const std::vector<event>& events) {
    const auto target = protocol::target_of(change.body);
    if (!target || *target < events.front().seq || *target >= change.seq) return false;
    const event& message = events[*target - events.front().seq];
    return protocol::as<protocol::message>(message) && protocol::rev_of(message) >= change.seq;
}

// A text frame for each message and edit among the events, which are contiguous. True: some were
// compressed.
bool append_plain_frames(std::string& out, const std::vector<event>& events,
                         wire::deflater* compressor) {
    bool compressed = false;
    for (const event& one : events) {
        if (protocol::text_of(one).empty() || is_folded_in(one, events)) continue;
        std::string said = protocol::to_single_line(protocol::text_of(one));
        if (protocol::target_of(one.body)) said += " *";
        const bool is_anonymous = one.author == unnamed_guest && !looks_named(said);
        const std::string line = is_anonymous ? said : one.author + ": " + said;
        if (compressor)
            compressed = compressor->append_frame(out, wire::opcode::text, line) || compressed;
        else
            wire::append_frame(out, wire::opcode::text, line);
    }
    return compressed;
}

// The list of events comes last in their message.
constexpr std::string_view behind_events = "]}";
constexpr std::size_t events_max = protocol::events::fields().back().list_max;

std::string before_events(const broadcast& run) {
    std::string text = protocol::encode(protocol::events{run.room, run.epoch, {}});
    text.resize(text.size() - behind_events.size());
    return text;
}

// The events of all in one frame, for whoever reads them has less to do; null where it would be too
// long.
wire::shared_frame join_json(run_list runs) {
    const std::string before = before_events(*runs.front());
    std::string text = before;
    for (const auto& run : runs) {
        if (run != runs.front()) text += ',';
        const std::string_view payload = wire::payload_of(*run->json);
        text +=
            payload.substr(before.size(), payload.size() - before.size() - behind_events.size());
    }
    text += behind_events;
    const std::uint64_t events = runs.back()->last - runs.front()->first + 1;
    const bool fits = text.size() <= protocol::limits::frame_out_bytes_max && events <= events_max;
    return fits ? wire::make_frame(wire::opcode::text, text) : nullptr;
}

void add_deflated(broadcast& run, std::string_view json, wire::deflater& compressor) {
    std::string frames;
    if (compressor.append_frame(frames, wire::opcode::text, json))
        run.deflated_json = std::make_shared<const std::string>(std::move(frames));
    frames = {};
    if (append_plain_frames(frames, run.events, &compressor))
        run.deflated_plain = std::make_shared<const std::string>(std::move(frames));
}

std::shared_ptr<const broadcast> seal(broadcast&& run, encode_counters& counted,
                                      wire::deflater* compressor) {
    run.first = run.events.front().seq;
    run.last = run.events.back().seq;
    protocol::events message{run.room, run.epoch, std::move(run.events)};
    const std::string json = protocol::encode(message);
    run.json = wire::make_frame(wire::opcode::text, json);
    counted.broadcasts.add();
    counted.frames.add();
    run.events = std::move(message.events);
    for (const event& one : run.events) {
        if (one.said) run.said = *one.said;
        if (protocol::is_deletion(one.body)) run.shrunk = one.seq;
    }
    run.plain = make_plain_frame(run.events);
    if (run.plain) counted.frames.add();
    if (compressor) add_deflated(run, json, *compressor);
    return std::make_shared<const broadcast>(std::move(run));
}

// The runs that are being put together: one per room, sealed when full.
class gathering {
public:
    gathering(encode_counters& counted, wire::deflater* compressor)
        : counted_(counted), compressor_(compressor) {}

    void add(committed_event&& one) {
        const std::size_t bytes = json_bytes_at_most(one.event);
        run& into = run_of(one.room, one.epoch);
        if (!into.what.events.empty() && into.bytes + bytes > protocol::limits::frame_out_bytes_max)
            flush(into);
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
        const auto same = [&](const run& open) {
            return open.what.room == room && open.what.epoch == epoch;
        };
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
        sealed_.push_back(seal(std::move(full.what), counted_, compressor_));
        full = {std::move(next), envelope_bytes};
    }

    encode_counters& counted_;
    wire::deflater* const compressor_;
    std::vector<run> runs_;
    std::vector<std::shared_ptr<const broadcast>> sealed_;
};

}  // namespace

std::shared_ptr<const broadcast> join(run_list runs) {
    if (runs.size() == 1) return runs.front();
    const auto frames_of = [&](frame_kind kind) -> wire::shared_frame {
        std::string all;
        for (const auto& run : runs)
            if (const auto& frames = run->frame_for(kind)) all += *frames;
        return all.empty() ? nullptr : std::make_shared<const std::string>(std::move(all));
    };
    const auto any = [&](wire::shared_frame broadcast::*form) {
        return std::any_of(runs.begin(), runs.end(),
                           [&](const auto& run) { return (*run).*form != nullptr; });
    };
    const broadcast& first = *runs.front();
    broadcast whole;
    whole.room = first.room;
    whole.epoch = first.epoch;
    whole.first = first.first;
    whole.last = runs.back()->last;
    whole.json = join_json(runs);
    if (!whole.json) whole.json = frames_of(frame_kind::json);
    whole.plain = frames_of(frame_kind::plain);
    if (any(&broadcast::deflated_json)) whole.deflated_json = frames_of(frame_kind::deflated_json);
    if (any(&broadcast::deflated_plain))
        whole.deflated_plain = frames_of(frame_kind::deflated_plain);
    return std::make_shared<const broadcast>(std::move(whole));
}

const wire::shared_frame& broadcast::frame_for(frame_kind kind) const {
    if (kind == frame_kind::deflated_json && deflated_json) return deflated_json;
    if (kind == frame_kind::deflated_plain && deflated_plain) return deflated_plain;
    return is_json(kind) ? json : plain;
}

wire::shared_frame make_plain_frame(const std::vector<event>& events) {
    std::string frames;
    append_plain_frames(frames, events, nullptr);
    if (frames.empty()) return nullptr;
    return std::make_shared<const std::string>(std::move(frames));
}

std::vector<std::shared_ptr<const broadcast>> make_broadcasts(std::vector<committed_event> group,
                                                              encode_counters& counted,
                                                              wire::deflater* compressor) {
    gathering runs(counted, compressor);
    for (committed_event& one : group) runs.add(std::move(one));
    return runs.finish();
}

}  // namespace parley::chat
