// Flags win over the file (listen = "..."), and that over the environment (PARLEY_LISTEN for
// --listen).
#include "server/config/config.hpp"

#include "server/config/origin.hpp"

#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <thread>

namespace parley::config {
namespace {

constexpr std::size_t shards_max = 64;
constexpr std::size_t descriptors_reserved = 64;  // for the store, the log, the loops themselves

// Groups of --help.
constexpr auto serving = "Serving", people = "People", limits = "Limits";

// What the command line holds before it is interpreted.
struct raw {
    std::string listen = "127.0.0.1:8080";
    std::string guests = "auto";
    std::string sync = "full";
    std::string static_dir;
    std::string tls_cert, tls_key;
    std::size_t spacing_ms = 20;
};

std::size_t connections_allowed() {
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return 1024;
    const auto most = static_cast<std::size_t>(files.rlim_max);
    return most > 2 * descriptors_reserved ? most - descriptors_reserved : most / 2;
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

std::string find_file_fault(const std::string& text) {
    return text.empty() ? "expected a file" : "";
}

void allow(CLI::Option* option, std::size_t least, std::size_t most) {
    option->check(CLI::Range(least, most).description(""))
        ->type_name(std::to_string(least) + ".." + std::to_string(most));
}

void allow(CLI::Option* option, const std::vector<std::string>& words) {
    option->check(CLI::IsMember(words).description(""))->type_name(CLI::detail::join(words, "|"));
}

// An option of all three sources. The environment's name is derived, so that it cannot differ.
template <class Value>
CLI::Option* declare(CLI::App& app, const char* group, const std::string& flag, Value& value,
                     const std::string& doc) {
    std::string variable = "PARLEY_" + flag.substr(2);
    for (char& c : variable)
        c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return app.add_option(flag, value, doc)->envname(variable)->capture_default_str()->group(group);
}

void declare_serving(CLI::App& app, raw& text, config& out) {
    declare(app, serving, "--listen", text.listen, "Where to listen; port 0 takes a free one")
        ->check(CLI::Validator(find_address_fault, ""))
        ->type_name("HOST:PORT");
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
    allow(declare(app, serving, "--shards", out.shards,
                  "Threads that carry connections; one for each core by default"),
          1, shards_max);
    app.add_flag("--compress", out.compress,
                 "Compress longer frames for clients that ask for it (permessage-deflate)")
        ->envname("PARLEY_COMPRESS")
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
    allow(declare(app, limits, "--max-connections", out.connections_max,
                  "Open at once; more are refused"),
          1, 100'000'000);
    allow(declare(app, limits, "--max-connections-per-address", out.connections_per_address_max,
                  "Of one IPv4 address or IPv6 /64; this machine has no limit, and a proxy on it "
                  "is asked for whom it "
                  "connects; 0: no limit"),
          0, 100'000'000);
    allow(declare(app, limits, "--max-connections-per-user", out.connections_per_user_max,
                  "To the chat, of one account or one guest's name; 0: no limit"),
          0, 100'000'000);
}

CLI::App* declare_errand(CLI::App& app, const char* name, const char* doc, errand which,
                         config& out) {
    CLI::App* const one = app.add_subcommand(name, doc)->group("Commands");
    one->footer(
        "Also takes --data and --config, or PARLEY_DATA and PARLEY_CONFIG, as the server does.");
    one->parse_complete_callback([which, &out] { out.what = which; });
    return one;
}

void declare_errands(CLI::App& app, config& out) {
    app.require_subcommand(0, 1);
    app.fallthrough();  // --data may follow the command
    declare_errand(app, "backup", "Copy the data, of a running server too, to a new file",
                   errand::back_up, out)
        ->add_option("FILE", out.file, "Written anew; never overwritten")
        ->required()
        ->type_name("");
    CLI::App* const restore = declare_errand(
        app, "restore", "Put a backup in the place of the data; the server must be stopped",
        errand::restore, out);
    restore->add_option("FILE", out.file, "What parley backup wrote")->required()->type_name("");
    restore->add_flag("--replace", out.replace,
                      "Do so even when there is data: it is kept beside, under another name");
    declare_errand(app, "check", "Verify every invariant of the data, of a running server too",
                   errand::check, out);
}

std::string one_line(const CLI::ParseError& error) {
    std::string text = error.what();
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text + " (see parley --help)";
}

bool guests_allowed(const std::string& word, const listen_address& where) {
    return word == "on" || (word == "auto" && where.is_loopback());
}

}  // namespace

config parse(int argc, const char* const* argv) {
    config out;
    raw text;
    out.shards = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, shards_max);
    out.connections_max = connections_allowed();

    CLI::App app(
        "Parley, a self-hosted team chat: one server, opened in a browser.\n"
        "Each option may also stand in the environment (PARLEY_LISTEN) or in a file (listen = "
        "\"...\").",
        "parley");
    app.get_formatter()->column_width(34);
    app.allow_config_extras(CLI::config_extras_mode::error);
    app.set_version_flag("--version", "Parley " PARLEY_VERSION);
    app.set_config("--config", "", "Read options from this file (TOML or INI)")
        ->envname("PARLEY_CONFIG")
        ->type_name("FILE")
        ->group(serving);
    declare_serving(app, text, out);
    declare_people(app, text, out);
    declare_limits(app, text, out);
    declare_errands(app, out);
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        throw shown{app.help()};
    } catch (const CLI::CallForVersion&) {
        throw shown{"Parley " PARLEY_VERSION "\n"};
    } catch (const CLI::ParseError& error) {
        throw bad_usage(one_line(error));
    }
    out.listen = *parse_listen_address(text.listen);
    out.guests = guests_allowed(text.guests, out.listen);
    out.guests_wanted = text.guests == "on";
    out.sync_full = text.sync == "full";
    out.spacing = std::chrono::milliseconds(text.spacing_ms);
    if (!text.tls_cert.empty()) out.tls = tls_files{text.tls_cert, text.tls_key};
    if (!text.static_dir.empty()) out.static_dir = text.static_dir;
    return out;
}

}  // namespace parley::config
