// A connection of plain text (no subprotocol): each line is said in one room, and the room's
// messages come back as plain text frames. Same log, same limits as everyone.
#pragma once

#include "server/base/token_bucket.hpp"
#include "server/chat/ledger.hpp"
#include "server/chat/participant.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <variant>

namespace parley::chat {

// Where somebody who now enters a room comes in: the room's top. A room that is not there is
// opened, unless only direct rooms have such names. To be asked before the connection is accepted:
// then all that is said after that lies behind it. `may_open` is asked when there is no such room:
// 0, or how many milliseconds until one may be opened.
void find_plain_entry(ledger& log, const identity& who, const std::string& room,
                      std::function<std::uint64_t()> may_open,
                      std::function<void(std::variant<std::uint64_t, refusal>)> done);

class plain_conversation final : public participant {
public:
    plain_conversation(hub& owner, identity who, peer& far_end);

    // Enters the room. What comes after `entry` in its log is told.
    void begin(const std::string& room, std::uint64_t entry);

    void receive(std::string_view text, steady_ms now) override;
    void receive_binary() override;
    void drained() override;
    bool fall_behind() override;
    void missed(subscription& where) override;
    void list_read(const room_list&) override {}
    void say_bye(protocol::close_code code, std::string_view reason) override;

private:
    void read_on();
    void page_read(std::uint32_t reading, const answer_to<read_run>& found);
    void refuse(protocol::error_code code, std::string_view what);
    void complain(std::string_view what);
    bool keeps_to_rate(steady_ms now);
    void turn_away(const refusal& why);

    std::string room_;
    base::token_bucket sends_;
    base::token_bucket refusals_;
    std::uint8_t in_flight_ = 0;
};

}  // namespace parley::chat
