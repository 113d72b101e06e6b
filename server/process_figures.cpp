// Names and meanings: https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics
#include "server/process_figures.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

namespace parley {
namespace {

using http::unit;

std::uint64_t micros(const timeval& time) {
    return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000 +
           static_cast<std::uint64_t>(time.tv_usec);
}

// When the program was loaded.
const auto started = std::chrono::system_clock::now().time_since_epoch();

struct memory_pages {
    std::uint64_t all{}, resident{};
};

std::optional<memory_pages> pages_now() {
    std::ifstream file("/proc/self/statm");
    memory_pages out;
    return file >> out.all >> out.resident ? std::optional(out) : std::nullopt;
}

// Since Linux 6.2 the size of the folder is the number; before, the entries must be counted.
std::uint64_t descriptors_open() {
    struct stat folder {};
    if (stat("/proc/self/fd", &folder) != 0) return 0;
    if (folder.st_size > 0) return static_cast<std::uint64_t>(folder.st_size);
    std::error_code ignored;
    std::uint64_t count = 0;
    for (std::filesystem::directory_iterator entry("/proc/self/fd", ignored), end; entry != end;
         entry.increment(ignored))
        ++count;
    return count;
}

}  // namespace

void append_process_figures(http::metrics_text& page) {
    if (const auto pages = pages_now()) {
        const auto page_bytes = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
        page.gauge("process_resident_memory_bytes", "Memory that is in use")
            .sample(pages->resident * page_bytes);
        page.gauge("process_virtual_memory_bytes", "Memory that is mapped")
            .sample(pages->all * page_bytes);
    }
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    page.counter("process_cpu_seconds_total", "CPU time, of the user and of the system")
        .sample(micros(used.ru_utime) + micros(used.ru_stime), {}, unit::seconds);
    if (const auto open = descriptors_open())
        page.gauge("process_open_fds", "Descriptors that are open").sample(open);
    rlimit files{};
    getrlimit(RLIMIT_NOFILE, &files);
    page.gauge("process_max_fds", "Descriptors that may be open").sample(files.rlim_cur);
    const auto since = std::chrono::duration_cast<std::chrono::microseconds>(started).count();
    page.gauge("process_start_time_seconds", "When it began, in seconds since 1970")
        .sample(static_cast<std::uint64_t>(since), {}, unit::seconds);
}

}  // namespace parley
