// Options: one declaration for flag, environment and file; a mistake is one line.
#include "server/config/config.hpp"

#include "tests/unit/catch.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

using parley::config::bad_usage;
using parley::config::parse_listen_address;

namespace {

parley::config::config parse(std::vector<const char*> flags) {
    flags.insert(flags.begin(), "parley");
    return parley::config::parse(static_cast<int>(flags.size()), flags.data());
}

// A variable of the environment for the length of a test.
struct variable {
    const char* name;
    variable(const char* key, const char* value) : name(key) { setenv(name, value, 1); }
    ~variable() { unsetenv(name); }
};

}  // namespace

TEST_CASE("without options the server listens on loopback, port 8080, and takes guests") {
    const auto settings = parse({});
    CHECK(settings.listen.host == "127.0.0.1");
    CHECK(settings.listen.port == 8080);
    CHECK(settings.guests);
    CHECK(settings.data == "./parley-data");
    CHECK(settings.shards >= 1);
    CHECK(settings.connections_max >= 1);
    CHECK(settings.connections_per_address_max == 4096);
    CHECK(settings.connections_per_user_max == 64);
    CHECK(settings.sync_full);
    CHECK(settings.spacing.count() == 20);
}

TEST_CASE("guests auto is off as soon as others can connect") {
    CHECK_FALSE(parse({"--listen", "0.0.0.0:8080"}).guests);
    CHECK_FALSE(parse({"--listen", "[::]:8080"}).guests);
    CHECK(parse({"--listen", "[::1]:8080"}).guests);
    CHECK(parse({"--listen", "0.0.0.0:8080", "--guests", "on"}).guests);
    CHECK_FALSE(parse({"--guests", "off"}).guests);
    CHECK_FALSE(parse({}).guests_wanted);
    CHECK(parse({"--guests", "on"}).guests_wanted);
}

TEST_CASE("listen addresses are literal") {
    using parley::config::listen_address;
    CHECK(parse_listen_address("127.0.0.1:80") == listen_address{"127.0.0.1", 80});
    CHECK(parse_listen_address("localhost:8080") == listen_address{"127.0.0.1", 8080});
    CHECK(parse_listen_address("[::1]:1") == listen_address{"::1", 1});
    CHECK(parse_listen_address(":8080") == listen_address{"0.0.0.0", 8080});
    CHECK(parse_listen_address("9000") == listen_address{"127.0.0.1", 9000});
    for (const char* wrong : {"", "example.org:80", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
                              "::1:80x", "[::1]", "1.2.3:80", "127.0.0.1:8080 "})
        CHECK_FALSE(parse_listen_address(wrong));
}

TEST_CASE("the address shown to people can be opened") {
    CHECK(parse_listen_address("127.0.0.1:8080")->url(false) == "http://localhost:8080/");
    CHECK(parse_listen_address("[::]:1")->url(false) == "http://localhost:1/");
    CHECK(parse_listen_address("10.0.0.7:80")->url(false) == "http://10.0.0.7:80/");
    CHECK(parse_listen_address("[fe80::1]:80")->url(false) == "http://[fe80::1]:80/");
    CHECK(parse_listen_address("[::]:8443")->url(true) == "https://localhost:8443/");
}

TEST_CASE("a flag wins over the file, and that over the environment") {
    const std::string path =
        std::filesystem::temp_directory_path() / ("parley-config-" + std::to_string(::getpid()));
    std::ofstream(path) << "send-rate = 7\norigin = [\"http://a.example\", \"http://b.example\"]\n";
    const variable rate("PARLEY_SEND_RATE", "6"), burst("PARLEY_SEND_BURST", "9");
    const auto from_file = parse({"--config", path.c_str()});
    CHECK(from_file.chat.send_per_second == 7);
    CHECK(from_file.chat.send_burst == 9);
    CHECK(parse({}).chat.send_per_second == 6);
    CHECK(from_file.origins == std::vector<std::string>{"http://a.example", "http://b.example"});
    CHECK(parse({"--config", path.c_str(), "--send-burst", "10"}).chat.send_burst == 10);
    std::remove(path.c_str());
}

TEST_CASE("certificate and key come together, from wherever") {
    CHECK_FALSE(parse({}).tls);
    const variable key("PARLEY_TLS_KEY", "b.pem");
    const auto settings = parse({"--tls-cert", "a.pem"});
    REQUIRE(settings.tls);
    CHECK(settings.tls->certificate == "a.pem");
    CHECK(settings.tls->key == "b.pem");
    CHECK_THROWS_AS(parse({}), bad_usage);
}

TEST_CASE("bad usage is one line") {
    const std::vector<std::vector<const char*>> wrong{{"--listen", "nowhere"},
                                                      {"--shards", "0"},
                                                      {"--shards", "65"},
                                                      {"--shards", "many"},
                                                      {"--guests", "maybe"},
                                                      {"--no-such-option"},
                                                      {"--sync", "fast"},
                                                      {"--echo-max", "0"},
                                                      {"--log-level", "loud"},
                                                      {"stray"},
                                                      {"--spacing-ms", "-1"},
                                                      {"--config", "/nonexistent/parley.toml"},
                                                      {"--outbox-bytes", "1"},
                                                      {"--outbox-total", "1"},
                                                      {"--origin", "chat.example.org"},
                                                      {"--origin", "https://x/"},
                                                      {"--proxy", "proxy.example"},
                                                      {"--metrics-from", "10.0.0.0/33"},
                                                      {"--metrics-from", "monitor.example"},
                                                      {"--metrics-from", "token:"},
                                                      {"--tls-cert", "a.pem"},
                                                      {"--tls-key", "a.pem"},
                                                      {"--tls-cert", "", "--tls-key", ""},
                                                      {"backup"},
                                                      {"restore"},
                                                      {"backup", "a", "b"},
                                                      {"check", "a"},
                                                      {"check", "--replace"},
                                                      {"backup", "a", "check"}};
    for (const auto& flags : wrong) {
        INFO(flags.front());
        try {
            parse(flags);
            FAIL("was accepted");
        } catch (const bad_usage& error) {
            CHECK(std::string(error.what()).find('\n') == std::string::npos);
        }
    }
}

TEST_CASE("a command takes the data of the server, before or after it, or from the environment") {
    using parley::config::subcommand;
    CHECK(parse({}).command == subcommand::serve);
    const auto backup = parse({"backup", "copy.db", "--data", "here"});
    CHECK(backup.command == subcommand::back_up);
    CHECK(backup.file == "copy.db");
    CHECK(backup.data == "here");
    const variable data("PARLEY_DATA", "there");
    const auto restore = parse({"restore", "copy.db"});
    CHECK(restore.command == subcommand::restore);
    CHECK(restore.file == "copy.db");
    CHECK(restore.data == "there");
    CHECK_FALSE(restore.replace);
    CHECK(parse({"restore", "--replace", "copy.db"}).replace);
    CHECK(parse({"--data", "here", "check"}).command == subcommand::check);
    CHECK(parse({"--data", "here", "check"}).data == "here");
}

TEST_CASE("--help names every option with its default, --version the version") {
    const auto text_of = [](const char* flag) {
        try {
            parse({flag});
        } catch (const parley::config::shown& shown) {
            return shown.text;
        }
        return std::string();
    };
    const std::string help = text_of("--help");
    for (const char* option : {"--listen",
                               "127.0.0.1:8080",
                               "--data",
                               "--guests",
                               "--origin",
                               "--proxy",
                               "--metrics-from",
                               "--shards",
                               "--send-burst",
                               "--send-rate",
                               "--echo-max",
                               "--spacing-ms",
                               "--outbox-bytes",
                               "--outbox-total",
                               "--max-connections",
                               "--max-connections-per-address",
                               "--max-connections-per-user",
                               "--sync",
                               "--static",
                               "--base",
                               "--log-level",
                               "--config",
                               "PARLEY_LISTEN",
                               "--tls-cert",
                               "--tls-key"})
        CHECK(help.find(option) != std::string::npos);
    CHECK(text_of("--version").starts_with("Parley " PARLEY_VERSION " (commit "));
}

TEST_CASE(
    "defaults that depend on the machine are printed in words, not as this machine's figure") {
    const auto printed = [](const char* flag) {
        try {
            parse({flag});
        } catch (const parley::config::shown& shown) {
            return shown.text;
        }
        return std::string();
    };
    for (const char* option : {"shards", "outbox-total", "max-connections"}) {
        INFO(option);
        CHECK(printed("--print-config").find("\n#" + std::string(option) + " =\n") !=
              std::string::npos);
    }
    for (const char* flag : {"--help", "--print-man"})
        CHECK(printed(flag).find("(an eighth of the memory)") != std::string::npos);
}

TEST_CASE("the base is kept with both its slashes") {
    CHECK(parse({}).base_path == "/");
    CHECK(parse({"--base", "/chat"}).base_path == "/chat/");
    const variable set("PARLEY_BASE", "/chat/");
    CHECK(parse({}).base_path == "/chat/");
    CHECK_THROWS_AS(parse({"--base", "chat"}), bad_usage);
}

TEST_CASE("compression is off until somebody asks for it, by any of the three ways") {
    CHECK_FALSE(parse({}).compress);
    CHECK(parse({"--compress"}).compress);
    CHECK_FALSE(parse({"--compress=false"}).compress);
    for (const char* yes : {"1", "true", "on"}) {
        const variable set("PARLEY_COMPRESS", yes);
        CHECK(parse({}).compress);
    }
    for (const char* no : {"0", "false", "off"}) {
        const variable set("PARLEY_COMPRESS", no);
        CHECK_FALSE(parse({}).compress);
    }
    const variable wrong("PARLEY_COMPRESS", "perhaps");
    CHECK_THROWS_AS(parse({}), bad_usage);
    const auto file =
        std::filesystem::temp_directory_path() / ("parley-compress-" + std::to_string(getpid()));
    std::ofstream(file) << "compress = true\n";
    unsetenv("PARLEY_COMPRESS");
    CHECK(parse({"--config", file.c_str()}).compress);
    std::filesystem::remove(file);
}
