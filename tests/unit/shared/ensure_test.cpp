// A broken promise of our own code ends the process, and says where.
#include "shared/ensure.hpp"

#include "tests/unit/catch.hpp"

#include <array>
#include <string>

#ifndef __EMSCRIPTEN__
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>
#endif

namespace parley {
namespace {

#ifndef __EMSCRIPTEN__

struct ending {
    int status;
    std::string printed;  // on stderr
};

// Runs `code` in a child process, without a core dump and without Catch's own report of the signal.
template <class Code>
ending ending_of(Code code) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const rlimit no_core{.rlim_cur = 0, .rlim_max = 0};
        setrlimit(RLIMIT_CORE, &no_core);
        std::signal(SIGABRT, SIG_DFL);
        dup2(ends[1], STDERR_FILENO);
        code();
        _exit(0);
    }
    close(ends[1]);
    ending result{.status = 0, .printed = {}};
    char bytes[256];
    for (ssize_t count; (count = read(ends[0], bytes, sizeof bytes)) > 0;)
        result.printed.append(bytes, static_cast<std::size_t>(count));
    close(ends[0]);
    REQUIRE(waitpid(child, &result.status, 0) == child);
    return result;
}

#endif

}  // namespace

TEST_CASE("a promise that is kept costs nothing and changes nothing") {
    int asked = 0;
    ensure(++asked == 1);
    CHECK(asked == 1);
}

#ifndef __EMSCRIPTEN__

TEST_CASE("a broken promise stops the process and prints file, line and condition") {
    const int line = __LINE__ + 1;
    const ending broken = ending_of([] { ensure(std::array<int, 2>{}.size() == 3); });
    REQUIRE(WIFSIGNALED(broken.status));
    CHECK(WTERMSIG(broken.status) == SIGABRT);
    CHECK(broken.printed == "ensure_test.cpp:" + std::to_string(line) +
                                ": ensure(std::array<int, 2>{}.size() == 3) failed\n");
}

TEST_CASE("a promise that is kept lets the process go on") {
    const ending kept = ending_of([] { ensure(true); });
    CHECK(WIFEXITED(kept.status));
    CHECK(kept.printed.empty());
}

#endif

}  // namespace parley
