// Each part's counters are gathered from all shards; plain ones are found through `shown()`, the
// others have a function.
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
        for (const Counters* one : all) sum += (one->*row.member).value();
        page.counter(row.name, row.help).sample(sum);
    }
}

template <std::size_t Bounds>
void append_histogram(metrics_text& page, std::string_view name, std::string_view help,
                      http::unit of, const all_of<base::histogram<Bounds>>& all) {
    std::array<std::uint64_t, Bounds + 1> counts{};
    std::uint64_t sum = 0;
    for (const auto* one : all) {
        for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += one->count(i);
        sum += one->sum();
    }
    page.histogram(name, help, {of, all.front()->bounds(), counts, sum});
}

// There are hundreds of pairs: a refusal that never happened is left out.
void append_requests(metrics_text& page, const all_of<chat::counters>& shards) {
    page.counter("parley_requests_total", "Requests answered, by type and outcome");
    for (std::size_t type = 0; type < chat::request_types.size(); ++type)
        for (std::size_t outcome = 0; outcome < chat::request_counters::outcomes; ++outcome) {
            std::uint64_t sum = 0;
            for (const auto* one : shards) sum += one->requests.value(type, outcome);
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
        for (const auto* one : connection_sets) sum += one->open(kind);
        page.sample(sum, {{"speaks", http::wire_kind_words[kind]}});
    }
    page.counter("parley_connections_opened_total",
                 "Connections that were opened, by what they speak");
    for (std::size_t kind = 0; kind < http::wire_kind_words.size(); ++kind) {
        std::uint64_t sum = 0;
        for (const auto* one : connection_sets) sum += one->opened[kind].value();
        page.sample(sum, {{"speaks", http::wire_kind_words[kind]}});
    }
}

void append_answers(metrics_text& page, const all_of<net::connection_counters>& connection_sets) {
    page.counter("parley_http_responses_total", "HTTP requests answered, by status");
    for (std::size_t status = 0; status < net::status_end; ++status) {
        std::uint64_t sum = 0;
        for (const auto* one : connection_sets) sum += one->answered[status].value();
        if (sum > 0) page.sample(sum, {{"code", std::to_string(status)}});
    }
}

void append_waiting(metrics_text& page, const counting_parts& of) {
    std::uint64_t letters = 0;
    for (const auto& one : of.shards) letters += one->door()->waiting();
    page.gauge("parley_waiting", "Work that waits for its thread")
        .sample(of.ledger.waiting_commands(), {{"queue", "ledger_commands"}})
        .sample(of.ledger.waiting_queries(), {{"queue", "ledger_queries"}})
        .sample(of.accounts.waiting_passwords(), {{"queue", "passwords"}})
        .sample(letters, {{"queue", "mailboxes"}});
}

void append_outboxes(metrics_text& page, const counting_parts& of,
                     const all_of<net::write_counters>& writes) {
    std::uint64_t unread = 0, bound = 0, largest = 0;
    for (const auto& one : of.connection_sets) {
        unread += one->unread().bytes();
        bound += one->unread().bytes_max();
    }
    page.gauge("parley_outbox_unread_bytes", "What waits for connections that read too little")
        .sample(unread);
    page.gauge("parley_outbox_unread_limit_bytes",
               "Most of it: --outbox-total without a quarter for pages that are being read")
        .sample(bound);
    for (const auto* one : writes) largest = std::max(largest, one->queued.value());
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

void append_compression(metrics_text& page, const counting_parts& of,
                        const all_of<net::write_counters>& writes) {
    const chat::deflate_counters& told = of.encoded.deflated;
    std::uint64_t before = told.bytes_before.value(), after = told.bytes_after.value();
    for (const auto* one : writes) {
        before += one->deflated.bytes_before.value();
        after += one->deflated.bytes_after.value();
    }
    page.gauge("parley_compressed_connections", "Connections that negotiated permessage-deflate")
        .sample(of.compressed_connections.load());
    page.counter("parley_broadcasts_compressed_total", "Frames of broadcasts, each compressed once")
        .sample(told.frames.value());
    page.counter("parley_compressed_bytes_before_total", "Payloads that were compressed, before it")
        .sample(before);
    page.counter("parley_compressed_bytes_after_total", "The same, after it").sample(after);
}

}  // namespace

std::string metrics_page(const counting_parts& of) {
    metrics_text page;
    all_of<chat::counters> hubs;
    all_of<shard::lag_histogram> lags;
    all_of<net::connection_counters> connection_sets;
    all_of<net::write_counters> writes;
    std::uint64_t rooms = 0;
    for (const auto& one : of.shards) {
        hubs.push_back(&std::as_const(*one).hub().counted());
        lags.push_back(&one->lag());
        rooms += one->rooms();
    }
    for (const auto& one : of.connection_sets) {
        connection_sets.push_back(&one->counters());
        writes.push_back(&one->write_counters());
    }
    page.gauge("parley_build_info", "Always 1").sample(1, {{"version", PARLEY_VERSION}});
    page.gauge("parley_rooms", "Rooms that somebody is in, summed over the shards").sample(rooms);
    append_connections(page, connection_sets);
    append_answers(page, connection_sets);
    append_shown(page, connection_sets);
    append_requests(page, hubs);
    append_shown(page, hubs);
    append_outboxes(page, of, writes);
    append_ledger(page, of.ledger);
    append_shown<chat::encode_counters>(page, {&of.encoded});
    append_compression(page, of, writes);
    if (of.identity)
        page.gauge("parley_certificate_expires_seconds",
                   "When the certificate expires, in seconds since 1970")
            .sample(
                static_cast<std::uint64_t>(std::max<std::int64_t>(of.identity->expires_at_s(), 0)));
    append_waiting(page, of);
    append_histogram(page, "parley_event_loop_lag_seconds", "How late a timer of a shard ran",
                     http::unit::seconds, lags);
    page.counter("parley_log_lines_dropped_total", "Lines of the log that stderr was too slow for")
        .sample(log::dropped());
    append_process_figures(page);
    return page.text();
}

}  // namespace parley
