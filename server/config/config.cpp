// A flag (--listen) wins over the file (listen = "..."), and the file over the environment
// (PARLEY_LISTEN).
#include "server/config/config.hpp"

#include "server/base/address.hpp"
#include "server/config/base_path.hpp"
#include "server/config/config_file.hpp"
#include "server/config/descriptors.hpp"
#include "server/config/documents.hpp"
#include "server/config/environment.hpp"
#include "server/config/inherited_socket.hpp"
#include "server/config/memory.hpp"
#include "server/config/nearest.hpp"
#include "server/config/origin.hpp"
#include "server/config/version.hpp"

#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <thread>

namespace parley::config {
namespace {

constexpr std::size_t memory_share = 8;  // --outbox-total is an eighth of the memory
constexpr std::size_t outbox_total_min = std::size_t{1} << 20;
constexpr std::size_t outbox_total_unknown = std::size_t{256} << 20;  // the memory is not known
constexpr std::size_t shards_max = 64;

// Groups of --help.
constexpr auto serving = "Serving", people = "People", limits = "Limits";

// Options whose texts are interpreted after parsing.
struct raw {
    std::string listen = listen_address{}.text();
    std::string guests = "auto";
    std::string sync = "full";
    std::string static_dir;
    std::string tls_cert, tls_key;
    std::size_t spacing_ms = static_cast<std::size_t>(config{}.spacing.count());
    bool print_config = false, print_man = false;
};

// As many as the limit of descriptors allows, besides everything else that is open.
std::size_t connections_allowed(std::size_t shards) {
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return 1024;
    const auto most = static_cast<std::size_t>(files.rlim_max);
    const std::size_t others = descriptors_besides_connections(shards);
    return most > others ? most - others : 1;
}

std::size_t outbox_total_standard() {
    const std::optional<std::size_t> memory = memory_bytes();
    if (!memory) return outbox_total_unknown;
    return std::max(*memory / memory_share, outbox_total_min);
}

std::string find_address_fault(const std::string& text) {
    return parse_listen_address(text)
               ? ""
               : "expected HOST:PORT with a literal address, as 127.0.0.1:8080";
}

std::string find_origin_fault(const std::string& text) {
    if (!normal_origin(text).empty()) return "";
    return "expected SCHEME://HOST[:PORT] with nothing after it, as https://chat.example.org";
}

std::string find_base_fault(const std::string& text) {
    return normal_base_path(text).empty() ? "expected a path, as /chat/" : "";
}

std::string find_network_fault(const std::string& text) {
    return base::parse_network(text) ? "" : "expected a network, as 10.0.0.0/8 or 192.0.2.7";
}

std::string find_metrics_fault(const std::string& text) {
    const bool token =
        text.starts_with(metrics_token_prefix) && text.size() > metrics_token_prefix.size();
    if (token || base::parse_network(text)) return "";
    return "expected a network, as 10.0.0.0/8 or 192.0.2.7, or token:FILE";
}

std::string find_file_fault(const std::string& text) {
    return text.empty() ? "expected a file" : "";
}

CLI::Option* allow(CLI::Option* option, std::size_t least, std::size_t most) {
    const auto find_fault = [least, most](const std::string& text) -> std::string {
        std::size_t number = 0;
        if (CLI::detail::lexical_cast(text, number) && number >= least && number <= most) return {};
        return "expected a whole number from " + std::to_string(least) + " to " +
               std::to_string(most);
    };
    return option->check(CLI::Validator(find_fault, ""))
        ->type_name(std::to_string(least) + ".." + std::to_string(most));
}

CLI::Option* allow(CLI::Option* option, const std::vector<std::string>& words) {
    const auto find_fault = [words](const std::string& text) -> std::string {
        if (std::find(words.begin(), words.end(), text) != words.end()) return {};
        return "`" + text + "` is not one of " + CLI::detail::join(words, ", ") +
               did_you_mean(text, words);
    };
    return option->check(CLI::Validator(find_fault, ""))->type_name(CLI::detail::join(words, "|"));
}

// An option for flag, file and environment.
template <class Value>
CLI::Option* declare(CLI::App& app, const char* group, const std::string& flag, Value& value,
                     const std::string& doc) {
    return app.add_option(flag, value, doc)
        ->envname(variable_of(flag))
        ->capture_default_str()
        ->group(group);
}

void declare_serving(CLI::App& app, raw& text, config& out) {
    declare(app, serving, "--listen", text.listen, "Where to listen; port 0 takes a free one")
        ->check(CLI::Validator(find_address_fault, ""))
        ->type_name("HOST:PORT");
    declare(app, serving, "--base", out.base_path,
            "The path that a proxy shows the page under, whether it takes it off or not")
        ->check(CLI::Validator(find_base_fault, ""))
        ->type_name("PATH");
    declare(app, serving, "--data", out.data, "Directory of everything that is kept")
        ->type_name("DIR");
    declare(app, serving, "--static", text.static_dir,
            "Serve files of this directory before the embedded ones")
        ->type_name("DIR");
    auto* const cert =
        declare(app, serving, "--tls-cert", text.tls_cert,
                "Speak https with this certificate chain (PEM); read again on SIGHUP")
            ->check(CLI::Validator(find_file_fault, ""))
            ->type_name("FILE");
    auto* const key =
        declare(app, serving, "--tls-key", text.tls_key, "Its private key (PEM), not encrypted")
            ->check(CLI::Validator(find_file_fault, ""))
            ->type_name("FILE");
    cert->needs(key);
    key->needs(cert);
    allow(declare(app, serving, "--sync", text.sync,
                  "full: on disk before it is acknowledged; normal: a power cut may lose the last "
                  "moments"),
          {"full", "normal"});
    allow(declare(app, serving, "--shards", out.shards, "Threads that carry connections"), 1,
          shards_max)
        ->default_str("(one for each core)");
    app.add_flag("--compress", out.compress,
                 "Compress longer frames for clients that ask for it (permessage-deflate)")
        ->envname(variable_of("--compress"))
        ->group(serving);
    allow(declare(app, serving, "--log-level", out.log_level, "What is logged to stderr"),
          {"trace", "debug", "info", "warn", "error", "off"});
}

void declare_people(CLI::App& app, raw& text, config& out) {
    allow(declare(app, people, "--guests", text.guests,
                  "Names without accounts; auto: while only this machine can connect"),
          {"auto", "on", "off"});
    declare(app, people, "--origin", out.origins,
            "Trust pages from this origin too, as https://chat.example.org; repeatable")
        ->check(CLI::Validator(find_origin_fault, ""))
        ->type_name("ORIGIN");
    declare(app, people, "--proxy", out.proxies,
            "Believe the proxies of this network, as 172.17.0.1 or 10.0.0.0/8, about who connects "
            "through them, as those of this machine are believed; repeatable")
        ->check(CLI::Validator(find_network_fault, ""))
        ->type_name("NETWORK");
    declare(app, people, "--metrics-from", out.metrics_from,
            "Show /metrics to this network too, as 10.0.0.0/8, or to who sends the token in a file "
            "(Authorization: Bearer); repeatable")
        ->check(CLI::Validator(find_metrics_fault, ""))
        ->type_name("NETWORK|token:FILE");
}

void declare_limits(CLI::App& app, raw& text, config& out) {
    allow(declare(app, limits, "--send-burst", out.chat.send_burst,
                  "Messages that one connection may send at once; 0: no limit"),
          0, 1'000'000);
    allow(declare(app, limits, "--send-rate", out.chat.send_per_second,
                  "Messages a second after that; 0: no limit"),
          0, 1'000'000);
    allow(declare(app, limits, "--echo-max", out.echo_bytes_max,
                  "Longest message that /echo takes, in bytes"),
          1, 16 << 20);
    allow(declare(app, limits, "--spacing-ms", text.spacing_ms,
                  "Least time between two writes to a busy connection; 0: none"),
          0, 1000);
    allow(declare(app, limits, "--outbox-bytes", out.chat.outbox_bytes_max,
                  "Queued for one connection before it counts as behind"),
          4096, 64 << 20);
    allow(
        declare(app, limits, "--outbox-total", out.outbox_total_bytes,
                "Queued for all connections that read too little, together, in bytes; whoever has "
                "read nothing for longest falls behind first"),
        outbox_total_min, std::size_t{1} << 40)
        ->default_str("(an eighth of the memory)");
    allow(declare(app, limits, "--max-connections", out.connections_max,
                  "Open at once; more are refused"),
          1, 100'000'000)
        ->default_str("(from ulimit -n)");
    allow(declare(app, limits, "--max-connections-per-address", out.connections_per_address_max,
                  "Of one IPv4 address or IPv6 /64; this machine has no limit; a proxy on it says "
                  "for whom it connects, or all who come through it count as one; 0: no limit"),
          0, 100'000'000);
    allow(declare(app, limits, "--max-connections-per-user", out.connections_per_user_max,
                  "To the chat, of one account or one guest's name; 0: no limit"),
          0, 100'000'000);
}

CLI::App* declare_subcommand(CLI::App& app, const char* name, const char* doc, subcommand command,
                             config& out) {
    CLI::App* const declared = app.add_subcommand(name, doc)->group("Commands");
    declared->footer(
        "Also takes --data and --config, or PARLEY_DATA and PARLEY_CONFIG, as the server does.");
    declared->parse_complete_callback([command, &out] { out.command = command; });
    return declared;
}

void declare_subcommands(CLI::App& app, config& out) {
    app.require_subcommand(0, 1);
    app.fallthrough();  // --data may follow the command
    declare_subcommand(app, "backup", "Copy the data, of a running server too, to a new file",
                       subcommand::back_up, out)
        ->add_option("FILE", out.file, "Written anew; never overwritten")
        ->required()
        ->type_name("");
    CLI::App* const restore = declare_subcommand(
        app, "restore", "Replace the data with a backup; the server must be stopped",
        subcommand::restore, out);
    restore->add_option("FILE", out.file, "What parley backup wrote")->required()->type_name("");
    restore->add_flag("--replace", out.replace,
                      "Do so even when there is data: it is kept beside, under another name");
    declare_subcommand(app, "check", "Verify every invariant of the data, of a running server too",
                       subcommand::check, out);
}

// The first word that is no option, command or argument. Only the first: the words after an unknown
// flag may be its values.
std::string unexpected(const CLI::App& app) {
    const auto rest = app.remaining(true);
    const std::string first = rest.empty() ? std::string() : rest.front();
    std::vector<std::string> known;
    if (first.starts_with('-')) {
        for (const CLI::Option* option : app.get_options())
            for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
        const std::string flag = first.substr(0, first.find('='));
        return "there is no " + flag + did_you_mean(flag, known);
    }
    if (!app.get_subcommands().empty()) return "`" + first + "` is one argument too many";
    for (const CLI::App* command : app.get_subcommands({})) known.push_back(command->get_name());
    return "there is no command `" + first + "`" + did_you_mean(first, known);
}

std::string one_line(std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text + " (see parley --help)";
}

// The file that PARLEY_CONFIG names. It is checked here: CLI11 would ignore a missing one.
std::string file_of_environment() {
    const char* const file = std::getenv("PARLEY_CONFIG");
    if (file == nullptr || *file == '\0') return {};
    if (std::filesystem::is_directory(file) || !std::ifstream(file))
        throw bad_usage("PARLEY_CONFIG: cannot read the file " + std::string(file));
    return file;
}

void declare_documents(CLI::App& app, raw& text) {
    app.set_version_flag("--version", "Parley " + std::string(version_text));
    app.set_config("--config", file_of_environment(), "Read options from this file (TOML)")
        ->envname("PARLEY_CONFIG")
        ->type_name("FILE")
        ->group(serving);
    app.config_formatter(std::make_shared<config_file>(app));
    app.add_flag("--print-config", text.print_config,
                 "Print a file for --config: every option with its default, as a comment; "
                 "what is set now, as it is")
        ->configurable(false);
    app.add_flag("--print-man", text.print_man, "Print the manual page (roff)")
        ->configurable(false)
        ->group("");
}

void parse_with(CLI::App& app, const raw& text, int argc, const char* const* argv) {
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        throw shown{app.help()};
    } catch (const CLI::CallForVersion&) {
        throw shown{"Parley " + std::string(version_text) + "\n"};
    } catch (const CLI::ExtrasError&) {
        throw bad_usage(one_line(unexpected(app)));
    } catch (const CLI::ParseError& error) {
        const std::string variable = find_variable_fault(app, variables::all);
        throw bad_usage(one_line(variable.empty() ? error.what() : variable));
    }
    const std::string not_taken = find_variable_fault(app, variables::not_taken);
    if (!not_taken.empty()) throw bad_usage(one_line(not_taken));
    if (text.print_config) throw shown{sample_config(app)};
    if (text.print_man) throw shown{manual_page(app)};
}

// Must come before everything that depends on the address.
void take_socket(config& out) {
    const auto socket = take_inherited_socket();
    if (!socket) return;
    out.listen = socket->address;
    out.listening_socket = socket->descriptor;
}

bool guests_allowed(const std::string& word, const listen_address& address) {
    return word == "on" || (word == "auto" && address.is_loopback());
}

}  // namespace

config parse(int argc, const char* const* argv) {
    config out;
    raw text;
    out.shards = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, shards_max);
    out.connections_max = connections_allowed(out.shards);
    out.outbox_total_bytes = outbox_total_standard();

    CLI::App app(
        "Parley, a self-hosted team chat: one server, opened in a browser.\n"
        "Each option may also stand in the environment (PARLEY_LISTEN) or in a file (listen = "
        "\"...\").",
        "parley");
    app.get_formatter()->column_width(34);
    declare_documents(app, text);
    declare_serving(app, text, out);
    declare_people(app, text, out);
    declare_limits(app, text, out);
    declare_subcommands(app, out);
    parse_with(app, text, argc, argv);
    out.warnings = unknown_variables(app);
    if (app.get_option("--max-connections")->count() == 0)
        out.connections_max = connections_allowed(out.shards);
    out.listen = *parse_listen_address(text.listen);
    if (out.command == subcommand::serve) take_socket(out);
    out.base_path = normal_base_path(out.base_path);
    out.guests = guests_allowed(text.guests, out.listen);
    out.guests_wanted = text.guests == "on";
    out.sync_full = text.sync == "full";
    out.spacing = std::chrono::milliseconds(text.spacing_ms);
    if (!text.tls_cert.empty()) out.tls = tls_files{text.tls_cert, text.tls_key};
    if (!text.static_dir.empty()) out.static_dir = text.static_dir;
    return out;
}

}  // namespace parley::config
