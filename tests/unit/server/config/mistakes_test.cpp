// Mistakes on the command line and in the environment are reported with the nearest right word.
#include "server/config/config.hpp"

#include "tests/unit/catch.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace {

std::string fault_of(std::vector<const char*> flags) {
    flags.insert(flags.begin(), "parley");
    try {
        parley::config::parse(static_cast<int>(flags.size()), flags.data());
    } catch (const parley::config::bad_usage& error) {
        return error.what();
    }
    return "was accepted";
}

std::vector<std::string> warnings_with(const char* name) {
    const char* const flags[] = {"parley"};
    setenv(name, "x", 1);
    auto warnings = parley::config::parse(1, flags).warnings;
    unsetenv(name);
    warnings.erase(std::remove_if(warnings.begin(), warnings.end(),
                                  [&](const std::string& line) {
                                      return line.find(name) == std::string::npos;
                                  }),
                   warnings.end());
    return warnings;
}

}  // namespace

TEST_CASE("a wrong flag is reported with the nearest, and without what follows it") {
    CHECK(fault_of({"--listne", "127.0.0.1:1"}) ==
          "there is no --listne; did you mean `--listen`? (see parley --help)");
    CHECK(fault_of({"--listne=127.0.0.1:1", "--dta", "x"}) ==
          "there is no --listne; did you mean `--listen`? (see parley --help)");
    CHECK(fault_of({"--no-such-thing"}) == "there is no --no-such-thing (see parley --help)");
    CHECK(fault_of({"backup", "x.db", "--dtaa", "x"}) ==
          "there is no --dtaa; did you mean `--data`? (see parley --help)");
}

TEST_CASE("a wrong command is reported with the nearest, an argument too many by itself") {
    CHECK(fault_of({"bakcup", "x.db"}) ==
          "there is no command `bakcup`; did you mean `backup`? (see parley --help)");
    CHECK(fault_of({"stray"}) == "there is no command `stray` (see parley --help)");
    CHECK(fault_of({"backup", "a.db", "b.db"}) ==
          "`b.db` is one argument too many (see parley --help)");
}

TEST_CASE("a wrong value is reported with what is right") {
    CHECK(fault_of({"--guests", "of"}) ==
          "--guests: `of` is not one of auto, on, off; did you mean `off`? (see parley --help)");
    CHECK(fault_of({"--shards", "many"}) ==
          "--shards: expected a whole number from 1 to 64 (see parley --help)");
}

TEST_CASE("a wrong value of the environment is reported with its variable") {
    setenv("PARLEY_SHARDS", "many", 1);
    CHECK(fault_of({}) ==
          "PARLEY_SHARDS: expected a whole number from 1 to 64 (see parley --help)");
    CHECK(fault_of({"--shards", "2"}) == "was accepted");
    unsetenv("PARLEY_SHARDS");
}

TEST_CASE("a variable that no option reads is reported with the nearest, and is no error") {
    CHECK(warnings_with("PARLEY_LISEN") ==
          std::vector<std::string>{"the variable PARLEY_LISEN of the environment is ignored; did "
                                   "you mean `PARLEY_LISTEN`?"});
    CHECK(warnings_with("PARLEY_SERVICE_HOST").size() == 1);
    CHECK(warnings_with("PARLEYLISTEN").empty());
    CHECK(warnings_with("PARLEY_LOG_LEVEL_X").size() == 1);
}
