// Everything that an operator may set. Each option is declared once (config.cpp), for flag, file
// and environment.
#pragma once

#include "server/chat/settings.hpp"
#include "server/config/listen_address.hpp"
#include "server/config/tls_files.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace parley::config {

// In --metrics-from, before the name of a file with a token.
inline constexpr std::string_view metrics_token_prefix = "token:";

enum class subcommand : std::uint8_t { serve, back_up, restore, check };

struct config {
    subcommand command = subcommand::serve;
    std::filesystem::path file;  // the backup to write or to restore
    bool replace = false;        // restore: there may be data already
    listen_address listen;
    std::filesystem::path data = "./parley-data";
    std::string base_path = "/";                      // see base_path.hpp
    std::optional<std::filesystem::path> static_dir;  // its files come before the embedded ones
    bool guests = true;                               // `auto` is resolved: it depends on `listen`
    bool guests_wanted = false;                       // --guests on, not `auto`
    std::optional<tls_files> tls;                     // none: plain HTTP
    std::vector<std::string> origins;                 // trusted besides the server's own
    std::vector<std::string> proxies;                 // networks, besides this machine
    std::vector<std::string> metrics_from;  // networks and token files, besides this machine
    std::size_t shards = 1;
    std::size_t connections_max = 0;
    std::size_t connections_per_address_max = 4096;  // 0: no limit
    std::size_t connections_per_user_max = 64;       // 0: no limit
    // For all connections together: an eighth of the memory, or 256 MiB if that is unknown.
    std::size_t outbox_total_bytes = 0;
    std::size_t echo_bytes_max = 64 * 1024;
    std::chrono::milliseconds spacing{20};  // between two writes to a busy connection; 0: none
    bool compress = false;                  // offer permessage-deflate
    bool sync_full = true;                  // fsync before an acknowledgement
    chat::settings chat;
    std::string log_level = "info";
    std::optional<int> listening_socket;  // from the service manager; `listen` is its address
    std::vector<std::string> warnings;    // lines for the operator
};

// Thrown for --help and --version: the text to print. Not an error.
struct shown {
    std::string text;
};

// One line that says what is wrong with the command line, the file or the environment.
struct bad_usage : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Throws `shown` or `bad_usage`.
config parse(int argc, const char* const* argv);

}  // namespace parley::config
