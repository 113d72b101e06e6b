// What this person keeps on the server, as far as this browser knows it. Membership and marks are
// in the rooms instead. The browser stores it, so that a page that comes back receives only what
// changed.
#pragma once

#include "shared/protocol/messages.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::state {

// A longer log is not stored: a page that comes back receives everything.
inline constexpr std::size_t stored_records_bytes_max = 128 * 1024;
static_assert(stored_records_bytes_max < protocol::limits::frame_out_bytes_max);

class personal_log {
public:
    using change_list = std::vector<protocol::personal_record>;

    // The last change of the person's log that is known here; nothing: no change is.
    std::optional<std::uint64_t> seq() const { return seq_; }
    bool is_older(std::uint64_t seq) const { return seq_ && seq < *seq_; }
    bool has(std::uint64_t seq) const { return seq_ && seq <= *seq_; }

    // With `anew`, the changes are all that there is.
    void take(std::uint64_t seq, bool anew, const change_list& changes);
    void put(const protocol::personal_body& body);

    template <class Kind>
    const Kind* find(const std::string& key) const {
        const auto found = records_.find({std::string(Kind::type), key});
        return found == records_.end() ? nullptr : std::get_if<Kind>(&found->second);
    }
    change_list records() const;

private:
    std::optional<std::uint64_t> seq_;
    std::map<std::pair<std::string, std::string>, protocol::personal_body> records_;
};

// Of two records with one key: whether both say the same.
bool is_same(const protocol::personal_body& record, const protocol::personal_body& other);

std::string personal_key(std::string_view user);
// Empty when it is too long.
std::string to_stored(const personal_log& log);
// Nothing when it is not what was stored.
std::optional<personal_log> personal_from_stored(std::string_view text);

}  // namespace parley::state
