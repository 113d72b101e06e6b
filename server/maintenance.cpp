// A thread of its own reports progress, because most of what takes long is one call of SQLite.
#include "server/maintenance.hpp"
#include "server/base/mutex.hpp"

#include "server/base/clock.hpp"
#include "server/log/log.hpp"
#include "server/storage/invariants.hpp"
#include "server/storage/restore.hpp"
#include "server/storage/sqlite_ledger.hpp"
#include "shared/ensure.hpp"

#include <chrono>
#include <cstdio>
#include <string>
#include <thread>

namespace parley {
namespace {

using storage::contents;
using storage::finding;

constexpr auto progress_interval = std::chrono::seconds(2);

// Reports the current step until it is destroyed. The first report comes after an interval.
class progress {
public:
    progress() : thread_([this] { run(); }) {}
    ~progress() {
        {
            const base::mutex_lock lock(mutex_);
            ending_ = true;
        }
        ended_.notify_one();
        thread_.join();
    }
    void begin(std::string step) {
        const base::mutex_lock lock(mutex_);
        step_ = std::move(step);
    }
    storage::database::copy_progress copying() {
        return [this](std::uint64_t done, std::uint64_t pages) {
            begin(done < pages ? "copied " + std::to_string(done * 100 / pages) + " %"
                               : "checking the copy");
        };
    }

private:
    void run() {
        const base::mutex_lock lock(mutex_);
        auto next = std::chrono::steady_clock::now() + progress_interval;
        while (!ending_) {
            if (ended_.wait_until(mutex_, next)) continue;
            std::fprintf(stderr, "parley: %s ...\n", step_.c_str());
            next += progress_interval;
        }
    }

    base::mutex mutex_;
    base::condition ended_;
    std::string step_ GUARDED_BY(mutex_) = "reading";
    bool ending_ GUARDED_BY(mutex_) = false;

    std::thread thread_;  // last: it uses all of the above
};

std::string in_words(const contents& contents) {
    return std::to_string(contents.rooms) + " rooms, " + std::to_string(contents.events) +
           " events, " + std::to_string(contents.bytes) + " bytes";
}

int back_up(const config::config& settings) {
    progress progress;
    const contents copied = storage::back_up(settings.data, settings.file, progress.copying());
    std::printf("Backed up %s to %s: %s\n", settings.data.c_str(), settings.file.c_str(),
                in_words(copied).c_str());
    return 0;
}

int restore(const config::config& settings) {
    progress progress;
    const auto restored = storage::restore(settings.file, settings.data, settings.replace,
                                           base::wall_time(), progress.copying());
    std::printf("Restored %s to %s: %s; epoch %llu, everyone signs in anew\n",
                settings.file.c_str(), settings.data.c_str(), in_words(restored.found).c_str(),
                static_cast<unsigned long long>(restored.epoch));
    if (restored.kept) std::printf("What was there is kept as %s\n", restored.kept->c_str());
    return 0;
}

int check(const config::config& settings) {
    progress progress;
    storage::database db = storage::open_data(settings.data);
    std::size_t broken = 0;
    const auto print = [&](const finding& finding) {
        const bool holds = finding.violations.empty();
        if (!holds) ++broken;
        std::printf("%s %.*s: %llu %.*s\n", holds ? "holds " : "BROKEN",
                    static_cast<int>(finding.says.size()), finding.says.data(),
                    static_cast<unsigned long long>(finding.count),
                    static_cast<int>(finding.of.size()), finding.of.data());
        for (const std::string& line : finding.violations) std::printf("       %s\n", line.c_str());
    };
    storage::check_invariants(
        db,
        {[&](std::string_view says) { progress.begin("checking: " + std::string(says)); }, print});
    std::fflush(stdout);
    return broken > 0 ? 1 : 0;
}

}  // namespace

int run_maintenance(const config::config& settings) {
    ensure(settings.command != config::subcommand::serve);
    const log::to_stderr log(settings.log_level);
    switch (settings.command) {
        case config::subcommand::back_up: return back_up(settings);
        case config::subcommand::restore: return restore(settings);
        case config::subcommand::check: return check(settings);
        case config::subcommand::serve: break;
    }
    return 1;
}

}  // namespace parley
