// toml++ reads the file, so that quotes, comments and lists mean what TOML says. CLI11 takes the
// values as if they were flags.
#include "server/config/config_file.hpp"

#include "server/config/config.hpp"
#include "server/config/nearest.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <string_view>

namespace parley::config {
namespace {

// The values of a flag that every version of CLI11 knows.
constexpr std::array<std::string_view, 8> flag_words{"true", "false", "on", "off",
                                                     "yes",  "no",    "1",  "0"};

// Throws errors that name a line of the file.
class file_fault {
public:
    explicit file_fault(std::string file) : file_(std::move(file)) {}
    [[noreturn]] void at(const toml::source_region& region, const std::string& fault) const {
        throw bad_usage(file_ + ":" + std::to_string(region.begin.line) + ": " + fault);
    }

private:
    const std::string file_;
};

std::string text_of(const toml::node& node) {
    if (const auto* text = node.as_string()) return text->get();
    std::ostringstream out;
    node.visit([&](const auto& value) { out << value; });
    return out.str();
}

bool is_flag(const CLI::Option& option) { return option.get_items_expected_max() == 0; }

std::vector<std::string> values_of(const CLI::Option& option, const std::string& name,
                                   const toml::node& node, const file_fault& fault) {
    std::vector<std::string> values;
    if (const auto* list = node.as_array(); list && option.get_items_expected_max() > 1)
        for (const toml::node& element : *list) values.push_back(text_of(element));
    else if (node.is_value())
        values.push_back(text_of(node));
    else
        fault.at(node.source(), name + ": expected one value");
    const std::string named = name + ": ";
    for (const std::string& value : values)
        if (const auto why = find_value_fault(option, value); !why.empty())
            fault.at(node.source(), named + why);
    return values;
}

struct line {
    const toml::key* key;
    const toml::node* node;
};

// In the order of the file, so that its first fault is reported.
std::vector<line> lines_of(const toml::table& table) {
    std::vector<line> lines;
    for (const auto& [key, node] : table) lines.push_back({&key, &node});
    std::sort(lines.begin(), lines.end(), [](const line& a, const line& b) {
        return a.key->source().begin < b.key->source().begin;
    });
    return lines;
}

toml::table parse_toml(std::istream& input, const std::string& file) {
    try {
        return toml::parse(input, file);
    } catch (const toml::parse_error& error) {
        file_fault(file).at(error.source(), std::string(error.description()) +
                                                " (texts stand in quotes: listen = "
                                                "\"127.0.0.1:8080\")");
    }
}

}  // namespace

std::string find_value_fault(const CLI::Option& option, const std::string& value) {
    if (is_flag(option)) {
        const auto known = std::find(flag_words.begin(), flag_words.end(), value);
        return known == flag_words.end() ? "expected true or false" : "";
    }
    try {
        // Each option has one check at most. CLI11 may change the text that it checks.
        std::string copy = value;
        return (*const_cast<CLI::Option&>(option).get_validator(0))(copy);
    } catch (const CLI::OptionNotFound&) {
        return {};
    }
}

std::vector<std::string> names_of_options(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options())
        if (option->get_configurable() && !option->get_lnames().empty())
            names.push_back(option->get_lnames().front());
    return names;
}

std::vector<CLI::ConfigItem> config_file::from_config(std::istream& input) const {
    const auto file = app_.get_config_ptr()->as<std::string>();
    const file_fault fault(file);
    const auto known = names_of_options(app_);
    const toml::table table = parse_toml(input, file);
    std::vector<CLI::ConfigItem> options;
    for (const auto& [key, node] : lines_of(table)) {
        const std::string name(key->str());
        const bool is_known = std::find(known.begin(), known.end(), name) != known.end();
        if (!is_known && (node->is_table() || node->is_array_of_tables()))
            fault.at(key->source(),
                     "there are no sections: take out [" + name + "], its lines stand without one");
        if (!is_known)
            fault.at(key->source(), "there is no `" + name + "`" + did_you_mean(name, known));
        const CLI::Option& option = *app_.get_option("--" + name);
        auto values = values_of(option, name, *node, fault);
        if (!values.empty()) options.push_back({{}, name, std::move(values)});
    }
    return options;
}

}  // namespace parley::config
