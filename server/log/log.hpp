// Lines of the log, as logfmt: time=... level=info msg="..." key=value. A shard hands a line over
// and goes on; a thread of the log's own writes it to stderr. Values are escaped here, so that
// nothing from outside can forge a line or talk to a terminal. Never in a line: texts of messages
// (but for /echo), tokens, passwords, queries of addresses.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace parley::log {

// More than these wait for nobody: the oldest are dropped, and counted.
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

// Any thread; never waits. `message` and keys are ours.
void write(level how, std::string_view message, fields what = {});
bool shows(level how);
inline void debug(std::string_view message, fields what = {}) {
    write(level::debug, message, what);
}
inline void info(std::string_view message, fields what = {}) { write(level::info, message, what); }
inline void warn(std::string_view message, fields what = {}) { write(level::warn, message, what); }
inline void error(std::string_view message, fields what = {}) {
    write(level::error, message, what);
}

// The line but for its time.
std::string to_line(level how, std::string_view message, fields what);

// Lines that were dropped because stderr took them too slowly.
std::uint64_t dropped();

// The log goes to stderr as long as this lives; at its end what waits is written, if that takes no
// longer than a second.
class to_stderr {
public:
    // `least`: trace, debug, info, warn, error, off.
    explicit to_stderr(const std::string& least);
    ~to_stderr();
    to_stderr(const to_stderr&) = delete;
    to_stderr& operator=(const to_stderr&) = delete;
};

}  // namespace parley::log
