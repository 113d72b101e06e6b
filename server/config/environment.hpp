// The environment variables of the options: PARLEY_LISTEN for --listen.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace parley::config {

inline constexpr std::size_t warnings_max = 8;

// PARLEY_TLS_CERT for --tls-cert.
std::string variable_of(const std::string& flag);

// A line for each variable PARLEY_... that no option reads, with the nearest known one;
// `warnings_max` at most. It is no error: others use such names too, for example Kubernetes for a
// service called parley.
std::vector<std::string> unknown_variables(const CLI::App& app);

enum class variables : std::uint8_t { all, not_taken };

// What is wrong with the first variable whose value its option refuses, as "PARLEY_SHARDS: expected
// ..."; empty: nothing. `not_taken`: only options that have no value after parsing, because CLI11
// 2.4 ignores a bad value, where 2.1 throws.
std::string find_variable_fault(const CLI::App& app, variables checked);

}  // namespace parley::config
