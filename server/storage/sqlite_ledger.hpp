// The ledger of one machine: an SQLite file, one thread that writes, a few that read.
#pragma once

#include "server/base/clock.hpp"
#include "server/chat/commit.hpp"
#include "server/chat/ledger.hpp"
#include "server/storage/background_check.hpp"
#include "server/storage/data_directory.hpp"
#include "server/storage/group_writer.hpp"
#include "server/storage/lists.hpp"
#include "server/storage/page.hpp"
#include "server/storage/reader_pool.hpp"
#include "server/storage/versions.hpp"

#include <filesystem>
#include <optional>

namespace parley::storage {

enum class durability : std::uint8_t {
    full,   // what was acknowledged survives a power cut
    normal  // it survives a crash of the server, but perhaps not a power cut
};

// Uses of a session are noted at most this often; those of an open connection, which never ends
// using it, more rarely.
inline constexpr base::time_ms session_noted_every_ms = 60ULL * 60 * 1'000;
inline constexpr base::time_ms open_session_noted_every_ms = 24ULL * 60 * 60 * 1'000;

struct ledger_settings {
    durability sync = durability::full;
    std::size_t readers = 2;
    wall_clock now = base::wall_time;
    // So long a read mark waits for another command to share a transaction with.
    std::chrono::milliseconds mark_patience{1'000};
    // Larger files are served at once: what is damaged in them, the check beside the server finds.
    std::uintmax_t inspected_whole_bytes_max = 64 * 1024 * 1024;
    check_pace check{};
};

class sqlite_ledger final : public chat::ledger {
public:
    // Opens what is in the directory, or begins anew. std::runtime_error, in one line, says what to
    // do when it cannot: the directory cannot be written, another server holds it, or the file is
    // damaged, foreign or from a newer version.
    sqlite_ledger(const std::filesystem::path& directory, chat::commit_listener& listener,
                  const ledger_settings& settings = {});

    // Carries out the commands that wait, refuses the queries, then closes. What a `done` still
    // asks for meanwhile hears `busy`.
    ~sqlite_ledger() override;

    // `done` runs on a thread of the ledger, or at once in the caller's when it is refused unheard.
    void submit(chat::command what, std::function<void(chat::outcome)> done) override;
    void submit_all(std::vector<chat::submission> several) override;
    void look_up(chat::query wanted, std::function<void(chat::any_answer)> done) override;

    // What was wrong with the last transaction; empty: nothing. Any thread.
    std::string health() const { return writer_.health(); }

    // How far the check of all the data is, and what it has found. Any thread.
    background_check::report data_check() const;
    std::size_t waiting_commands() const { return writer_.waiting(); }
    std::size_t waiting_queries() const { return readers_.waiting(); }
    const writer_counters& counted() const { return writer_.counted(); }

private:
    // A query without one of these does not compile.
    template <class Query>
    chat::answer_to<Query> answer(database& db, const Query& wanted) {
        return storage::look_up(db, wanted);
    }
    chat::answer_to<chat::find_person> answer(database& db, const chat::find_person& wanted);
    chat::answer_to<chat::read_sessions> answer(database& db, const chat::read_sessions& wanted);
    chat::answer_to<chat::find_session> answer(database& db, const chat::find_session& wanted);
    chat::answer_to<chat::check_sessions> answer(database& db, const chat::check_sessions& wanted);
    void note_later(std::vector<std::string> used_sessions);

    const wall_clock now_;
    data_directory directory_;
    const std::chrono::milliseconds mark_patience_;
    group_writer writer_;
    reader_pool readers_;
    background_check check_;
};

}  // namespace parley::storage
