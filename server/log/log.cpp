// All of spdlog is here: its queue, its thread, and the one place that escapes.
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

// In the order of level.
constexpr std::array<std::string_view, 4> words{"debug", "info", "warn", "error"};
constexpr std::array levels{spdlog::level::debug, spdlog::level::info, spdlog::level::warn,
                            spdlog::level::err};

auto slot(level how) { return static_cast<std::size_t>(how); }

bool needs_no_quotes(char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return letter || std::string_view("-_.:/@+~").find(c) != std::string_view::npos;
}

void append_byte(std::string& out, unsigned char byte) {
    constexpr std::string_view digits = "0123456789abcdef";
    out.append("\\x").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
}

// Control characters, those of C1 (U+0080 to U+009F) too, and whatever is no UTF-8 become \xNN.
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

std::string to_line(level how, std::string_view message, fields what) {
    std::string out;
    out.append("level=").append(words[slot(how)]).append(" msg=");
    append_quoted(out, message);
    for (const field& one : what) {
        if (one.value.empty()) continue;
        out.append(1, ' ').append(one.key).append(1, '=');
        append_value(out, one.value);
    }
    return out;
}

void write(level how, std::string_view message, fields what) {
    if (shows(how))
        spdlog::default_logger_raw()->log(levels[slot(how)], to_line(how, message, what));
}

bool shows(level how) { return spdlog::default_logger_raw()->should_log(levels[slot(how)]); }

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

// A stderr that nobody reads would hold up the end for ever.
to_stderr::~to_stderr() {
    status_when_stuck = std::uncaught_exceptions() > 0 ? 1 : 0;
    std::signal(SIGALRM, [](int) { std::_Exit(status_when_stuck); });
    alarm(flush_patience_s);
    spdlog::shutdown();
    alarm(0);
}

}  // namespace parley::log
