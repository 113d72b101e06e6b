// Writes the log to stderr, as logfmt: time=... level=info msg="..." key=value. A thread of its own
// writes, so no caller waits. Values are escaped, so that nothing from outside can forge a line or
// control a terminal. A line never contains texts of messages (except for /echo), tokens, passwords
// or query strings.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace parley::log {

// Beyond this number the oldest waiting lines are dropped, and counted.
inline constexpr std::size_t waiting_lines_max = 4096;
inline constexpr std::size_t value_bytes_max = 1024;  // a longer value is cut

enum class level : std::uint8_t { debug, info, warn, error };

// A field without a value is left out.
struct field {
    field(std::string_view name, std::string_view text) : key(name), value(text) {}
    field(std::string_view name, std::integral auto number)
        : key(name), value(std::to_string(number)) {}
    std::string_view key;
    std::string value;
};
using fields = std::initializer_list<field>;

// Any thread; never waits. `message` and the keys are constants of ours.
void write(level level, std::string_view message, fields details = {});
bool shows(level level);
inline void debug(std::string_view message, fields details = {}) {
    write(level::debug, message, details);
}
inline void info(std::string_view message, fields details = {}) {
    write(level::info, message, details);
}
inline void warn(std::string_view message, fields details = {}) {
    write(level::warn, message, details);
}
inline void error(std::string_view message, fields details = {}) {
    write(level::error, message, details);
}

// The line without its time.
std::string to_line(level level, std::string_view message, fields details);

// Lines that were dropped because stderr was too slow.
std::uint64_t dropped();

// The log goes to stderr while this exists. The destructor writes what still waits, for a second at
// most.
class to_stderr {
public:
    // `least`: trace, debug, info, warn, error, off.
    explicit to_stderr(const std::string& least);
    ~to_stderr();
    to_stderr(const to_stderr&) = delete;
    to_stderr& operator=(const to_stderr&) = delete;
};

}  // namespace parley::log
