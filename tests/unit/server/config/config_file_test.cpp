// A mistake in the file is reported with file, line, key, and the nearest right key.
#include "server/config/config.hpp"

#include "tests/unit/catch.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace {

const std::string path = (std::filesystem::temp_directory_path() /
                          ("parley-file-" + std::to_string(::getpid()) + ".toml"))
                             .string();

parley::config::config parse_file(const std::string& text) {
    std::ofstream(path) << text;
    const char* const flags[] = {"parley", "--config", path.c_str()};
    return parley::config::parse(3, flags);
}

// What is said about a file, without its name.
std::string fault_of(const std::string& text) {
    std::string fault;
    try {
        parse_file(text);
    } catch (const parley::config::bad_usage& error) {
        fault = error.what();
    }
    std::filesystem::remove(path);
    if (!fault.starts_with(path + ":")) return "without file: " + fault;
    CHECK(fault.find('\n') == std::string::npos);
    return fault.substr(path.size() + 1);
}

}  // namespace

TEST_CASE("an unknown key is reported with its line and the nearest key") {
    CHECK(fault_of("# the server\n\nlisen = \"127.0.0.1:1\"\n") ==
          "3: there is no `lisen`; did you mean `listen`?");
    CHECK(fault_of("send_rate = 7\n") == "1: there is no `send_rate`; did you mean `send-rate`?");
    CHECK(fault_of("colour = 7\n") == "1: there is no `colour`");
    CHECK(fault_of("zzz = 1\naaa = 2\n") == "1: there is no `zzz`");
    for (const char* name : {"help", "version", "config", "print-config"})
        CHECK(fault_of(std::string(name) + " = true\n").starts_with("1: there is no"));
}

TEST_CASE("sections are reported with their line, whatever they are called") {
    CHECK(fault_of("\n[server]\nlisten = \"127.0.0.1:1\"\n") ==
          "2: there are no sections: take out [server], its lines stand without one");
    CHECK(fault_of("[[check]]\n").starts_with("1: there are no sections"));
    CHECK(fault_of("check.replace = true\n").starts_with("1: there are no sections"));
    CHECK(fault_of("[listen]\nport = 80\n") == "1: listen: expected one value");
}

TEST_CASE("a value that its option does not take is reported with its line") {
    CHECK(fault_of("data = \"x\"\nlisten = \"nowhere\"\n") ==
          "2: listen: expected HOST:PORT with a literal address, as 127.0.0.1:8080");
    CHECK(fault_of("shards = 65\n") == "1: shards: expected a whole number from 1 to 64");
    CHECK(fault_of("shards = 1.5\n") == "1: shards: expected a whole number from 1 to 64");
    CHECK(fault_of("guests = \"of\"\n") ==
          "1: guests: `of` is not one of auto, on, off; did you mean `off`?");
    CHECK(fault_of("compress = \"perhaps\"\n") == "1: compress: expected true or false");
    CHECK(fault_of("listen = [\"127.0.0.1:1\", \"127.0.0.1:2\"]\n") ==
          "1: listen: expected one value");
    CHECK(fault_of("origin = [\"https://a.example\",\n  \"nothing\"]\n").starts_with("1: origin:"));
}

TEST_CASE("a file that is no TOML is reported with its line, and how texts are written") {
    CHECK(fault_of("data = \"x\"\nlisten = 127.0.0.1:80\n").starts_with("2: "));
    CHECK(fault_of("listen = 127.0.0.1:80\n")
              .ends_with("(texts stand in quotes: listen = "
                         "\"127.0.0.1:8080\")"));
    CHECK(fault_of("data = \"x\"\ndata = \"y\"\n").starts_with("2: "));
    CHECK(fault_of("listen\n").starts_with("1: "));
}

TEST_CASE("quotes, comments and lists mean what they mean in TOML") {
    const auto settings = parse_file(
        "data = \"/srv/a # b, c\"  # where it is\n"
        "origin = [\n  \"https://a.example\",  # one\n  \"https://b.example\",\n]\n"
        "compress = true\nsend-rate = \"7\"\nlisten = 8081\n");
    CHECK(settings.data == "/srv/a # b, c");
    CHECK(settings.origins == std::vector<std::string>{"https://a.example", "https://b.example"});
    CHECK(settings.compress);
    CHECK(settings.chat.send_per_second == 7);
    CHECK(settings.listen.port == 8081);
    std::filesystem::remove(path);
}

TEST_CASE("the file may be named by the environment, and then has to be there") {
    std::ofstream(path) << "send-rate = 8\n";
    const char* const flags[] = {"parley", "--send-burst", "9"};
    setenv("PARLEY_CONFIG", path.c_str(), 1);
    CHECK(parley::config::parse(3, flags).chat.send_per_second == 8);
    std::filesystem::remove(path);
    CHECK_THROWS_AS(parley::config::parse(3, flags), parley::config::bad_usage);
    setenv("PARLEY_CONFIG", "", 1);
    CHECK(parley::config::parse(3, flags).chat.send_per_second == 5);
    unsetenv("PARLEY_CONFIG");
}
