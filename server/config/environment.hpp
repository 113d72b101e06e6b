// Variables of the environment: PARLEY_LISTEN for --listen.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace parley::config {

inline constexpr std::size_t warnings_max = 8;

// PARLEY_TLS_CERT for --tls-cert.
std::string variable_of(const std::string& flag);

// A line for each variable PARLEY_... that no option reads, with the nearest that one does;
// `warnings_max` at most. No error: others name variables so, too, as Kubernetes does for a service
// called parley.
std::vector<std::string> unknown_variables(const CLI::App& app);

enum class variables : std::uint8_t { all, not_taken };

// The first variable whose value its option does not take, as "PARLEY_SHARDS: expected ...", or
// empty. `not_taken`: of options that have no value after parsing; CLI11 2.4 passes over a value
// that does not fit, where 2.1 throws.
std::string find_variable_fault(const CLI::App& app, variables which);

}  // namespace parley::config
