// The only user of spdlog: its queue and its thread. Values are escaped here.
#include "server/log/log.hpp"

#include "shared/protocol/text.hpp"

#include <spdlog/async.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <memory>

namespace parley::log {
namespace {

constexpr unsigned flush_patience_s = 1;

// In the order of `level`.
constexpr std::array<std::string_view, 4> words{"debug", "info", "warn", "error"};
constexpr std::array levels{spdlog::level::debug, spdlog::level::info, spdlog::level::warn,
                            spdlog::level::err};

auto slot(level level) { return static_cast<std::size_t>(level); }

bool needs_no_quotes(char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return letter || std::string_view("-_.:/@+~").find(c) != std::string_view::npos;
}

void append_byte(std::string& out, unsigned char byte) {
    constexpr std::string_view digits = "0123456789abcdef";
    out.append("\\x").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
}

// Control characters, including C1 (U+0080 to U+009F), and bytes that are no UTF-8 become \xNN.
void append_quoted(std::string& out, std::string_view text) {
    const bool utf8 = protocol::is_utf8(text);
    out += '"';
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool c1 = utf8 && byte == 0xc2 && static_cast<unsigned char>(text[i + 1]) < 0xa0;
        if (byte == '"' || byte == '\\')
            out.append(1, '\\').append(1, text[i]);
        else if (byte < 0x20 || byte == 0x7f || (byte >= 0x80 && !utf8))
            append_byte(out, byte);
        else if (c1)
            append_byte(out, static_cast<unsigned char>(text[++i]));
        else
            out += text[i];
    }
    out += '"';
}

void append_value(std::string& out, std::string_view text) {
    const std::string_view cut =
        text.size() > value_bytes_max ? protocol::cut_utf8(text, value_bytes_max) : text;
    if (std::all_of(cut.begin(), cut.end(), needs_no_quotes))
        out.append(cut);
    else
        append_quoted(out, cut);
}

volatile std::sig_atomic_t status_when_stuck = 0;

}  // namespace

std::string to_line(level level, std::string_view message, fields details) {
    std::string out;
    out.append("level=").append(words[slot(level)]).append(" msg=");
    append_quoted(out, message);
    for (const field& field : details) {
        if (field.value.empty()) continue;
        out.append(1, ' ').append(field.key).append(1, '=');
        append_value(out, field.value);
    }
    return out;
}

void write(level level, std::string_view message, fields details) {
    if (shows(level))
        spdlog::default_logger_raw()->log(levels[slot(level)], to_line(level, message, details));
}

bool shows(level level) { return spdlog::default_logger_raw()->should_log(levels[slot(level)]); }

std::uint64_t dropped() {
    const auto queue = spdlog::thread_pool();
    return queue ? queue->overrun_counter() : 0;
}

to_stderr::to_stderr(const std::string& least) {
    spdlog::init_thread_pool(waiting_lines_max, 1);
    auto logger = std::make_shared<spdlog::async_logger>(
        "parley", std::make_shared<spdlog::sinks::stderr_sink_mt>(), spdlog::thread_pool(),
        spdlog::async_overflow_policy::overrun_oldest);
    logger->set_pattern("time=%Y-%m-%dT%H:%M:%S.%eZ %v", spdlog::pattern_time_type::utc);
    logger->set_level(spdlog::level::from_str(least));
    spdlog::set_default_logger(std::move(logger));
}

// The alarm ends the process: a stderr that nobody reads would block it for ever.
to_stderr::~to_stderr() {
    status_when_stuck = std::uncaught_exceptions() > 0 ? 1 : 0;
    std::signal(SIGALRM, [](int) { std::_Exit(status_when_stuck); });
    alarm(flush_patience_s);
    spdlog::shutdown();
    alarm(0);
}

}  // namespace parley::log
