// The names of variables are derived from the flags.
#include "server/config/environment.hpp"

#include "server/config/config_file.hpp"
#include "server/config/nearest.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace parley::config {
namespace {

constexpr std::string_view prefix = "PARLEY_";

std::vector<std::string> names_of_variables(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options())
        if (!option->get_envname().empty()) names.push_back(option->get_envname());
    return names;
}

}  // namespace

std::string variable_of(const std::string& flag) {
    std::string name = std::string(prefix) + flag.substr(2);
    for (char& c : name)
        c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return name;
}

std::vector<std::string> unknown_variables(const CLI::App& app) {
    const auto known = names_of_variables(app);
    std::vector<std::string> lines;
    for (char** entry = environ; *entry != nullptr && lines.size() < warnings_max; ++entry) {
        const std::string_view variable(*entry);
        const std::string name(variable.substr(0, variable.find('=')));
        if (!name.starts_with(prefix)) continue;
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        lines.push_back("the variable " + name + " of the environment is ignored" +
                        did_you_mean(name, known));
    }
    return lines;
}

std::string find_variable_fault(const CLI::App& app, variables checked) {
    for (const CLI::Option* option : app.get_options()) {
        if (checked == variables::not_taken && option->count() > 0) continue;
        const std::string name = option->get_envname();
        const char* const value = name.empty() ? nullptr : std::getenv(name.c_str());
        if (value == nullptr || *value == '\0') continue;
        const std::string why = find_value_fault(*option, value);
        if (!why.empty()) return std::string(name).append(": ").append(why);
    }
    return {};
}

}  // namespace parley::config
