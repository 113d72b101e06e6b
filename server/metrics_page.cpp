// Sums the counters of all shards. Plain counters come from `shown()`; the others have a function
// each.
#include "server/metrics_page.hpp"

#include "server/http/metrics.hpp"
#include "server/http/wire_kind.hpp"
#include "server/log/log.hpp"
#include "server/process_figures.hpp"

#include <algorithm>
#include <utility>

namespace parley {
namespace {

using http::metrics_text;

template <class Counters>
using all_of = std::vector<const Counters*>;

template <class Counters>
void append_shown(metrics_text& page, const all_of<Counters>& all) {
    for (const auto& row : Counters::shown()) {
        std::uint64_t sum = 0;
        for (const Counters* counters : all) sum += (counters->*row.member).value();
        page.counter(row.name, row.help).sample(sum);
    }
}

template <std::size_t Bounds>
void append_histogram(metrics_text& page, std::string_view name, std::string_view help,
                      http::unit unit, const all_of<base::histogram<Bounds>>& all) {
    std::array<std::uint64_t, Bounds + 1> counts{};
    std::uint64_t sum = 0;
    for (const auto* histogram : all) {
        for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += histogram->count(i);
        sum += histogram->sum();
    }
    page.histogram(name, help, {unit, all.front()->bounds(), counts, sum});
}

// There are hundreds of pairs: a refusal that never happened is left out.
void append_requests(metrics_text& page, const all_of<chat::counters>& shards) {
    page.counter("parley_requests_total", "Requests answered, by type and outcome");
    for (std::size_t type = 0; type < chat::request_types.size(); ++type)
        for (std::size_t outcome = 0; outcome < chat::request_counters::outcomes; ++outcome) {
            std::uint64_t sum = 0;
            for (const auto* shard : shards) sum += shard->requests.value(type, outcome);
            if (sum == 0 && outcome > 0) continue;
            page.sample(sum, {{"type", chat::request_types[type]},
                              {"outcome", chat::request_counters::outcome(outcome)}});
        }
}

void append_connections(metrics_text& page,
                        const all_of<net::connection_counters>& connection_sets) {
    page.gauge("parley_connections", "Connections that are open, by what they speak");
    for (std::size_t kind = 0; kind < http::wire_kind_words.size(); ++kind) {
        std::uint64_t sum = 0;
        for (const auto* set : connection_sets) sum += set->open(kind);
        page.sample(sum, {{"speaks", http::wire_kind_words[kind]}});
    }
    page.counter("parley_connections_opened_total",
                 "Connections that were opened, by what they speak");
    for (std::size_t kind = 0; kind < http::wire_kind_words.size(); ++kind) {
        std::uint64_t sum = 0;
        for (const auto* set : connection_sets) sum += set->opened[kind].value();
        page.sample(sum, {{"speaks", http::wire_kind_words[kind]}});
    }
}

void append_answers(metrics_text& page, const all_of<net::connection_counters>& connection_sets) {
    page.counter("parley_http_responses_total", "HTTP requests answered, by status");
    for (std::size_t status = 0; status < net::status_end; ++status) {
        std::uint64_t sum = 0;
        for (const auto* set : connection_sets) sum += set->answered[status].value();
        if (sum > 0) page.sample(sum, {{"code", std::to_string(status)}});
    }
}

void append_waiting(metrics_text& page, const counting_parts& parts) {
    std::uint64_t letters = 0;
    for (const auto& shard : parts.shards) letters += shard->door()->waiting();
    page.gauge("parley_waiting", "Work that waits for its thread")
        .sample(parts.ledger.waiting_commands(), {{"queue", "ledger_commands"}})
        .sample(parts.ledger.waiting_queries(), {{"queue", "ledger_queries"}})
        .sample(parts.accounts.waiting_passwords(), {{"queue", "passwords"}})
        .sample(letters, {{"queue", "mailboxes"}});
}

void append_outboxes(metrics_text& page, const counting_parts& parts,
                     const all_of<net::write_counters>& writes) {
    std::uint64_t unread = 0, bound = 0, largest = 0;
    for (const auto& set : parts.connection_sets) {
        unread += set->unread().bytes();
        bound += set->unread().bytes_max();
    }
    page.gauge("parley_outbox_unread_bytes", "What waits for connections that read too little")
        .sample(unread);
    page.gauge("parley_outbox_unread_limit_bytes",
               "Most of it: --outbox-total without a quarter for pages that are being read")
        .sample(bound);
    for (const auto* shard : writes) largest = std::max(largest, shard->queued.value());
    page.gauge("parley_outbox_high_water_bytes",
               "Most bytes that have waited for one connection since the start")
        .sample(largest);
    append_shown(page, writes);
}

void append_ledger(metrics_text& page, const storage::sqlite_ledger& ledger) {
    const storage::writer_counters& stored = ledger.counted();
    append_shown<storage::writer_counters>(page, {&stored});
    append_histogram<9>(page, "parley_commit_commands", "Commands in a transaction",
                        http::unit::one, {&stored.group_size});
    append_histogram<10>(page, "parley_commit_seconds",
                         "Time that a transaction took, until it was on disk", http::unit::seconds,
                         {&stored.commit_us});
    page.gauge("parley_ledger_healthy", "1: the last transaction was written")
        .sample(ledger.health().empty() ? 1 : 0);
}

void append_compression(metrics_text& page, const counting_parts& parts,
                        const all_of<net::write_counters>& writes) {
    const wire::deflate_counters& broadcasts = parts.encoded.deflated;
    std::uint64_t before = broadcasts.bytes_before.value(), after = broadcasts.bytes_after.value();
    for (const auto* shard : writes) {
        before += shard->deflated.bytes_before.value();
        after += shard->deflated.bytes_after.value();
    }
    page.gauge("parley_compressed_connections", "Connections that negotiated permessage-deflate")
        .sample(parts.compressed_connections.load());
    page.counter("parley_broadcasts_compressed_total", "Frames of broadcasts, each compressed once")
        .sample(broadcasts.frames.value());
    page.counter("parley_compressed_bytes_before_total", "Payloads that were compressed, before it")
        .sample(before);
    page.counter("parley_compressed_bytes_after_total", "The same, after it").sample(after);
}

}  // namespace

std::string metrics_page(const counting_parts& parts) {
    metrics_text page;
    all_of<chat::counters> hubs;
    all_of<shard::lag_histogram> lags;
    all_of<net::connection_counters> connection_sets;
    all_of<net::write_counters> writes;
    std::uint64_t rooms = 0;
    for (const auto& shard : parts.shards) {
        hubs.push_back(&std::as_const(*shard).hub().counted());
        lags.push_back(&shard->lag());
        rooms += shard->rooms();
    }
    for (const auto& set : parts.connection_sets) {
        connection_sets.push_back(&set->counters());
        writes.push_back(&set->write_counters());
    }
    page.gauge("parley_build_info", "Always 1").sample(1, {{"version", PARLEY_VERSION}});
    page.gauge("parley_rooms", "Rooms that somebody is in, summed over the shards").sample(rooms);
    append_connections(page, connection_sets);
    append_answers(page, connection_sets);
    append_shown(page, connection_sets);
    append_requests(page, hubs);
    append_shown(page, hubs);
    append_outboxes(page, parts, writes);
    append_ledger(page, parts.ledger);
    append_shown<chat::encode_counters>(page, {&parts.encoded});
    append_compression(page, parts, writes);
    if (parts.identity)
        page.gauge("parley_certificate_expires_seconds",
                   "When the certificate expires, in seconds since 1970")
            .sample(static_cast<std::uint64_t>(
                std::max<std::int64_t>(parts.identity->expires_at_s(), 0)));
    append_waiting(page, parts);
    append_histogram(page, "parley_event_loop_lag_seconds", "How late a timer of a shard ran",
                     http::unit::seconds, lags);
    page.counter("parley_log_lines_dropped_total", "Lines of the log that stderr was too slow for")
        .sample(log::dropped());
    append_process_figures(page);
    return page.text();
}

}  // namespace parley
