// Everything here is read from the declarations that CLI11 keeps.
#include "server/config/documents.hpp"

#include "server/config/version.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace parley::config {
namespace {

bool is_shown(const CLI::Option& option) {
    return !option.get_lnames().empty() && !option.get_group().empty();
}

std::vector<std::string> groups_of(const CLI::App& app) {
    std::vector<std::string> groups;
    for (const CLI::Option* option : app.get_options())
        if (is_shown(*option) &&
            std::find(groups.begin(), groups.end(), option->get_group()) == groups.end())
            groups.push_back(option->get_group());
    return groups;
}

// Defaults in brackets are descriptions: the value depends on the machine.
bool is_described(const std::string& value) { return value.starts_with('('); }

bool is_number(const std::string& value) {
    return !value.empty() &&
           std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// CLI11 quotes some defaults, for example paths, and writes an empty list as [] or {}.
std::string default_of(const CLI::Option& option) {
    std::string value = option.get_default_str();
    CLI::detail::remove_quotes(value);
    if (value.empty() && option.get_items_expected_max() == 0) return "false";
    if (value == "{}") return "[]";
    return value;
}

std::string as_toml(const std::string& value) {
    if (is_described(value)) return "";
    if (is_number(value) || value == "true" || value == "false" || value == "[]") return value;
    std::string out = "\"";
    for (const char c : value) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

std::string as_toml(const std::vector<std::string>& values) {
    if (values.size() == 1) return as_toml(values.front());
    std::string out = "[";
    for (const std::string& value : values) out += (out == "[" ? "" : ", ") + as_toml(value);
    return out + "]";
}

std::string config_entry(const CLI::Option& option) {
    const std::string name = option.get_lnames().front(), standard = default_of(option);
    std::string out = "\n# " + option.get_description();
    if (option.get_items_expected_max() > 0) out += " (" + option.get_type_name() + ")";
    if (is_described(standard)) out += "; without: " + standard.substr(1, standard.size() - 2);
    const bool is_set = option.count() > 0;
    const std::string value = is_set ? as_toml(option.results()) : as_toml(standard);
    return out + "\n" + (is_set ? "" : "#") + name + (value.empty() ? " =" : " = ") + value + "\n";
}

// Text for roff: its hyphens are minus signs, and no line begins with a control character.
std::string roff(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '-')
            out += "\\-";
        else if (c == '\\')
            out += "\\e";
        else
            out += c;
    }
    return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

std::string manual_entry(const CLI::Option& option) {
    const bool has_value = option.get_items_expected_max() > 0 && !option.get_type_name().empty();
    std::string out = ".TP\n.B " + roff("--" + option.get_lnames().front());
    if (has_value) out += " \\fI" + roff(option.get_type_name()) + "\\fR";
    out += "\n" + roff(option.get_description()) + ".\n";
    const std::string standard = default_of(option);
    if (has_value && !standard.empty() && standard != "[]")
        out += "Default: " + roff(standard) + ".\n";
    if (!option.get_envname().empty()) out += "Environment: " + roff(option.get_envname()) + ".\n";
    return out;
}

std::string manual_commands(const CLI::App& app) {
    std::string out = ".SH COMMANDS\nWithout a command, the server starts.\n";
    for (const CLI::App* command : app.get_subcommands({})) {
        out += ".TP\n.B " + roff(command->get_name());
        for (const CLI::Option* option : command->get_options())
            if (option->get_positional())
                out += " \\fI" + roff(option->get_name(true, false)) + "\\fR";
            else if (option->get_lnames().front() != "help")
                out += " [" + roff(option->get_name(false, true)) + "]";
        out += "\n" + roff(command->get_description()) + ".\n";
    }
    return out;
}

constexpr std::string_view manual_end = R"(.SH SIGNALS
.TP
.B SIGTERM\fR, \fBSIGINT
Everyone is told, what was accepted is written, and the server ends within 5 seconds.
.TP
.B SIGHUP
Reads a renewed certificate.
.SH EXIT STATUS
0 after a clean stop; 1 when it cannot start, or when \fBcheck\fR found something; 2 for bad usage.
.SH FILES
.TP
.I /etc/parley/parley.toml
Options of the packaged service.
.TP
.I /var/lib/parley
Everything that the packaged service keeps.
.TP
.I /var/backups/parley
What parley\-backup.timer writes each night.
)";

}  // namespace

std::string sample_config(const CLI::App& app) {
    std::string out =
        "# Parley reads this file with --config. A line shows an option with its default: take\n"
        "# away the # to change it. A flag wins over this file (--listen), and this file over the\n"
        "# environment (PARLEY_LISTEN). It is TOML without sections: texts stand in quotes.\n";
    for (const std::string& group : groups_of(app)) {
        std::string entries = "\n# ---- " + group;
        entries += '\n';
        const std::size_t heading = entries.size();
        for (const CLI::Option* option : app.get_options())
            if (is_shown(*option) && option->get_configurable() && option->get_group() == group)
                entries += config_entry(*option);
        if (entries.size() > heading) out += entries;
    }
    return out;
}

std::string manual_page(const CLI::App& app) {
    std::string out = ".TH PARLEY 1 \"\" \"Parley " + std::string(version_text) +
                      "\" \"User Commands\"\n.SH NAME\nparley \\- a self\\-hosted team chat\n"
                      ".SH SYNOPSIS\n.B parley\n[\\fIoptions\\fR] [\\fIcommand\\fR]\n"
                      ".SH DESCRIPTION\n" +
                      roff(app.get_description()) + "\n" + manual_commands(app) + ".SH OPTIONS\n";
    for (const std::string& group : groups_of(app)) {
        out += ".SS " + roff(group) + "\n";
        for (const CLI::Option* option : app.get_options())
            if (is_shown(*option) && option->get_group() == group) out += manual_entry(*option);
    }
    return out + std::string(manual_end);
}

}  // namespace parley::config
