// The file that --config names: TOML without sections, a line for each option. Its mistakes are
// told with file, line and key, and with the nearest right key.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace parley::config {

// What is wrong with a value of an option, or empty.
std::string find_value_fault(const CLI::Option& option, const std::string& value);

// The options that flag, file and environment share, without their dashes.
std::vector<std::string> names_of_options(const CLI::App& app);

// Reads the file for CLI11. Throws `bad_usage`. `app` outlives it.
class config_file final : public CLI::Config {
public:
    explicit config_file(const CLI::App& app) : app_(app) {}

    std::vector<CLI::ConfigItem> from_config(std::istream& input) const override;
    // REQUIRES: nobody asks CLI11 to write a file; documents.hpp does.
    std::string to_config(const CLI::App*, bool, bool, std::string) const override { return {}; }

private:
    const CLI::App& app_;
};

}  // namespace parley::config
