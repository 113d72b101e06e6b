// The drafts of one person, one for each room. They are stored in the browser, so that they survive
// a reload and a tab that the browser discarded.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace parley::state {

// Together with the outbox, far below the 5 MB that localStorage allows a site.
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
    // Replaces the draft of a room. Blanks alone are no draft, and a longer text is cut at
    // draft_bytes_max. Returns the rooms whose drafts were dropped for it, the oldest first.
    std::vector<std::string> write(const std::string& room, std::string_view text);

    bool has(std::string_view room) const;
    // Empty when the room has none.
    std::string text_in(std::string_view room) const;
    const std::vector<draft>& all() const { return drafts_; }

private:
    std::size_t bytes() const;

    std::vector<draft> drafts_;  // the least recently written first
};

// The key under which the draft of a room is stored, one for each.
std::string draft_prefix(std::string_view user);
std::string draft_key(std::string_view user, std::string_view room);

}  // namespace parley::state
