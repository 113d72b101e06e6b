// Documents about the options, from the same declarations as --help.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace parley::config {

// A file for --config: every option with its default as a comment; an option that is set, as it is.
std::string sample_config(const CLI::App& app);

// parley(1) in roff, for man(7).
std::string manual_page(const CLI::App& app);

}  // namespace parley::config
