// The sample file and the manual page come from the declarations: whatever --help names is in both.
#include "server/config/config.hpp"
#include "server/config/version.hpp"

#include "tests/unit/catch.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <vector>

namespace {

std::string printed(std::vector<const char*> flags) {
    flags.insert(flags.begin(), "parley");
    try {
        parley::config::parse(static_cast<int>(flags.size()), flags.data());
    } catch (const parley::config::shown& document) {
        return document.text;
    }
    return {};
}

std::vector<std::string> options_of_help() {
    const std::string help = printed({"--help"});
    const std::regex option("^  --([a-z-]+)", std::regex::multiline);
    std::vector<std::string> options;
    for (std::sregex_iterator match(help.begin(), help.end(), option), end; match != end; ++match)
        options.push_back((*match)[1]);
    return options;
}

bool is_in(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the manual page names every option that --help names") {
    const std::string page = printed({"--print-man"});
    REQUIRE(options_of_help().size() > 20);
    for (std::string name : options_of_help()) {
        INFO(name);
        name = std::regex_replace(name, std::regex("-"), "\\-");
        CHECK(is_in(page, ".B \\-\\-" + name));
    }
    for (const char* command : {"backup", "restore", "check"}) CHECK(is_in(page, command));
    CHECK(is_in(page, std::string(parley::config::version_text)));
}

TEST_CASE("the sample file names every option that a file may have, as a comment") {
    const std::string file = printed({"--print-config"});
    for (const std::string& name : options_of_help()) {
        const bool is_no_option_of_a_file =
            name == "help" || name == "version" || name == "config" || name == "print-config";
        INFO(name);
        CHECK(is_in(file, "\n#" + name + " =") == !is_no_option_of_a_file);
    }
    CHECK_FALSE(std::regex_search(file, std::regex("^[^#\n]", std::regex::multiline)));
}

TEST_CASE("what is set stands in the sample file as it is") {
    const std::string file =
        printed({"--data", "/srv/my \"chat\"", "--origin", "https://a.example", "--origin",
                 "https://b.example", "--compress", "--send-rate", "7", "--print-config"});
    CHECK(is_in(file, "\ndata = \"/srv/my \\\"chat\\\"\"\n"));
    CHECK(is_in(file, "\norigin = [\"https://a.example\", \"https://b.example\"]\n"));
    CHECK(is_in(file, "\ncompress = true\n"));
    CHECK(is_in(file, "\nsend-rate = 7\n"));
    CHECK(is_in(file, "\n#listen = \"127.0.0.1:8080\"\n"));
}

TEST_CASE("each default of the sample file is what the server takes without it") {
    std::istringstream lines(printed({"--print-config"}));
    const auto path =
        std::filesystem::temp_directory_path() / ("parley-documents-" + std::to_string(::getpid()));
    std::size_t taken = 0;
    for (std::string line; std::getline(lines, line);) {
        // Without a value: none is right on every machine, or none may be given.
        if (!line.starts_with('#') || line.starts_with("# ") || line.ends_with('=')) continue;
        if (line.ends_with("\"\"")) continue;
        INFO(line);
        std::ofstream(path) << line.substr(1) << "\n";
        const char* const flags[] = {"parley", "--config", path.c_str()};
        CHECK_NOTHROW(parley::config::parse(3, flags));
        ++taken;
    }
    CHECK(taken > 12);
    std::filesystem::remove(path);
}
