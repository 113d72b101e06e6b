// What one person has half written, room by room. It is kept in the browser, so that it survives a
// reload and a tab that the browser threw out.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace parley::state {

// With the outbox far below what localStorage takes, which is 5 MB for a site.
inline constexpr std::size_t drafts_max = 64;
inline constexpr std::size_t draft_bytes_max = 64 * 1024;
inline constexpr std::size_t drafts_bytes_max = 512 * 1024;
static_assert(draft_bytes_max <= drafts_bytes_max);

struct draft {
    std::string room;
    std::string text;
};

class drafts {
public:
    // Replaces the draft of a room; blanks alone are none, and a longer text is cut at
    // draft_bytes_max. Returns the rooms whose drafts had to make place, the oldest first.
    std::vector<std::string> write(const std::string& room, std::string_view text);

    // Empty when the room has none.
    std::string text_in(std::string_view room) const;
    const std::vector<draft>& all() const { return drafts_; }

private:
    std::size_t bytes() const;

    std::vector<draft> drafts_;  // the least recently written first
};

// Where the draft of a room is stored: one key for each, as for unsent messages.
std::string draft_prefix(std::string_view user);
std::string draft_key(std::string_view user, std::string_view room);

}  // namespace parley::state
