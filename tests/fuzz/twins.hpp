// The SQLite ledger beside its twin, the map of the simulation. Both get the same commands and
// queries; their answers are compared as text, and in the end their logs.
#pragma once

#include "server/storage/sqlite_ledger.hpp"
#include "tests/simulation/map_ledger.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace parley::fuzz {

inline const std::array<std::string, 3> accounts{"ann", "bob", "cat"};
inline const std::string guest = "~gus";
inline const std::array<std::string, 8> rooms{
    "lobby", "a", "b", "c", "dm-ann-bob", "dm-ann-cat", "dm-bob-cat", "dm-ann-bob-cat"};

// A directory that goes with its owner.
class directory {
public:
    directory();
    ~directory();
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

// Keeps what was committed, room by room.
class recording_listener final : public chat::commit_listener {
public:
    void committed(chat::commit changes, const std::function<void()>& answer) override;
    std::vector<protocol::event> committed_in(const std::string& room) const;

private:
    mutable std::mutex mutex_;
    std::map<std::string, std::vector<protocol::event>> events_;
};

class twins {
public:
    twins();

    // Carried out in one group, or in as many as the writer forms of it, when it is settled.
    void submit(const chat::command& command);
    void settle();
    void ask(const chat::query& query);
    void restart();
    void add_guest();
    void end_guest();

    // Reads both logs to their ends and compares them with what was announced.
    void check();

private:
    struct waiting {
        std::shared_ptr<std::promise<chat::outcome>> real;
        std::shared_ptr<chat::outcome> model;
    };
    struct deaf_bus : chat::bus {
        void publish(chat::hint_list) override {}
        void begin_interest(std::size_t, chat::subject) override {}
        void end_interest(std::size_t, chat::subject) override {}
    };

    void open();
    chat::outcome run_in_map(const chat::command& command);
    chat::any_answer ask_sqlite(const chat::query& query);
    std::vector<protocol::event> read_log(const std::string& room);
    void check_log(const std::string& room, const std::vector<protocol::event>& log) const;

    directory files_;
    recording_listener commits_;
    deaf_bus silence_;
    simulation::map_ledger map_;
    std::unique_ptr<storage::sqlite_ledger> sqlite_;
    std::vector<waiting> pending_;
    std::string guest_session_, guest_session_in_map_;  // the names of sessions are each ledger's
    int tokens_ = 0;
};

}  // namespace parley::fuzz
