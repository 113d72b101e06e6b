// The file that --config names: TOML without sections, a line for each option. An error names file,
// line and key, and the nearest known key.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace parley::config {

// What is wrong with the value for the option; empty: nothing.
std::string find_value_fault(const CLI::Option& option, const std::string& value);

// The names, without dashes, of the options that a file may set.
std::vector<std::string> names_of_options(const CLI::App& app);

// Reads the file for CLI11. Throws `bad_usage`. REQUIRES: `app` outlives it.
class config_file final : public CLI::Config {
public:
    explicit config_file(const CLI::App& app) : app_(app) {}

    std::vector<CLI::ConfigItem> from_config(std::istream& input) const override;
    // Not used: documents.hpp writes the sample file.
    std::string to_config(const CLI::App*, bool, bool, std::string) const override { return {}; }

private:
    const CLI::App& app_;
};

}  // namespace parley::config
