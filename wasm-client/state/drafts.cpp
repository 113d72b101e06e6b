// The drafts and their keys in the browser's storage.
#include "wasm-client/state/drafts.hpp"

#include "shared/protocol/text.hpp"

#include <algorithm>

namespace parley::state {

std::vector<std::string> drafts::write(const std::string& room, std::string_view text) {
    std::erase_if(drafts_, [&](const draft& old) { return old.room == room; });
    std::vector<std::string> dropped;
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return dropped;
    drafts_.push_back({room, std::string(protocol::cut_utf8(text, draft_bytes_max))});
    while (drafts_.size() > drafts_max || bytes() > drafts_bytes_max) {
        dropped.push_back(std::move(drafts_.front().room));
        drafts_.erase(drafts_.begin());
    }
    return dropped;
}

std::string drafts::text_in(std::string_view room) const {
    const auto it = std::find_if(drafts_.begin(), drafts_.end(),
                                 [&](const draft& draft) { return draft.room == room; });
    return it == drafts_.end() ? "" : it->text;
}

bool drafts::has(std::string_view room) const {
    return std::any_of(drafts_.begin(), drafts_.end(),
                       [&](const draft& draft) { return draft.room == room; });
}

std::size_t drafts::bytes() const {
    std::size_t sum = 0;
    for (const draft& draft : drafts_) sum += draft.text.size();
    return sum;
}

std::string draft_prefix(std::string_view user) {
    return "parley/draft/" + std::string(user) + "/";
}

std::string draft_key(std::string_view user, std::string_view room) {
    return draft_prefix(user) + std::string(room);
}

}  // namespace parley::state
