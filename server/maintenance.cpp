// Progress is told once a while, by a thread of its own: most of what takes long is one call of
// SQLite.
#include "server/maintenance.hpp"

#include "server/base/clock.hpp"
#include "server/log/log.hpp"
#include "server/storage/invariants.hpp"
#include "server/storage/restore.hpp"
#include "server/storage/sqlite_ledger.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <string>
#include <thread>

namespace parley {
namespace {

using storage::contents;
using storage::finding;

constexpr auto told_every = std::chrono::seconds(2);

// Says what is being done, for as long as it takes: nothing in the first moments.
class progress {
public:
    progress() : thread_([this] { run(); }) {}
    ~progress() {
        {
            const std::lock_guard lock(mutex_);
            ending_ = true;
        }
        ended_.notify_one();
        thread_.join();
    }
    void now(std::string what) {
        const std::lock_guard lock(mutex_);
        what_ = std::move(what);
    }
    storage::database::copy_progress copying() {
        return [this](std::uint64_t done, std::uint64_t pages) {
            now(done < pages ? "copied " + std::to_string(done * 100 / pages) + " %"
                             : "checking the copy");
        };
    }

private:
    void run() {
        std::unique_lock lock(mutex_);
        while (!ended_.wait_for(lock, told_every, [this] { return ending_; }))
            std::fprintf(stderr, "parley: %s ...\n", what_.c_str());
    }

    std::mutex mutex_;  // guards what follows
    std::condition_variable ended_;
    std::string what_ = "reading";
    bool ending_ = false;

    std::thread thread_;  // last: it uses all of the above
};

std::string in_words(const contents& what) {
    return std::to_string(what.rooms) + " rooms, " + std::to_string(what.events) + " events, " +
           std::to_string(what.bytes) + " bytes";
}

int back_up(const config::config& how) {
    progress doing;
    const contents copied = storage::back_up(how.data, how.file, doing.copying());
    std::printf("Backed up %s to %s: %s\n", how.data.c_str(), how.file.c_str(),
                in_words(copied).c_str());
    return 0;
}

int restore(const config::config& how) {
    progress doing;
    const auto made =
        storage::restore(how.file, how.data, how.replace, base::wall_time(), doing.copying());
    std::printf("Restored %s to %s: %s; epoch %llu, everyone signs in anew\n", how.file.c_str(),
                how.data.c_str(), in_words(made.found).c_str(),
                static_cast<unsigned long long>(made.epoch));
    if (made.kept) std::printf("What was there is kept as %s\n", made.kept->c_str());
    return 0;
}

int check(const config::config& how) {
    progress doing;
    storage::database db = storage::open_data(how.data);
    std::size_t broken = 0;
    const auto print = [&](const finding& each) {
        const bool holds = each.violations.empty();
        if (!holds) ++broken;
        std::printf("%s %.*s: %llu %.*s\n", holds ? "holds " : "BROKEN",
                    static_cast<int>(each.says.size()), each.says.data(),
                    static_cast<unsigned long long>(each.count), static_cast<int>(each.of.size()),
                    each.of.data());
        for (const std::string& line : each.violations) std::printf("       %s\n", line.c_str());
    };
    storage::check_invariants(
        db, {[&](std::string_view says) { doing.now("checking: " + std::string(says)); }, print});
    std::fflush(stdout);
    return broken > 0 ? 1 : 0;
}

}  // namespace

int run_maintenance(const config::config& how) {
    const log::to_stderr lines(how.log_level);
    switch (how.command) {
        case config::subcommand::back_up: return back_up(how);
        case config::subcommand::restore: return restore(how);
        case config::subcommand::check: return check(how);
        case config::subcommand::serve: break;
    }
    return 1;
}

}  // namespace parley
