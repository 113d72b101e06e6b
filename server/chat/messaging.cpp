// A conversation's requests about messages: what is said, and the wordings of it.
#include "server/chat/conversation.hpp"
#include "server/chat/hub.hpp"

#include <utility>

namespace parley::chat {

void conversation::on(const protocol::send& wanted, steady_ms now) {
    if (!admit_change(wanted, now)) return;
    ++in_flight_;
    auto answered = while_here<conversation, outcome>(
        [id = request_id(wanted), room = wanted.room](conversation& self, const outcome& became) {
            --self.in_flight_;
            if (const auto* why = std::get_if<refusal>(&became)) return self.refuse(id, *why);
            self.answer_send(id, std::get<receipt>(became));
            self.hear_soon(room);
        });
    home_.log_.submit(authored<protocol::send>{wanted, who_}, std::move(answered));
}

void conversation::answer_send(request_id id, const receipt& done) {
    protocol::ok reply;
    reply.seq = done.seq;
    reply.at = done.at;
    reply.said = done.said;
    answer_ok(id, std::move(reply));
}

void conversation::on(const protocol::versions& wanted, steady_ms now) {
    if (!admit_lookup(wanted, now)) return;
    ++in_flight_;
    read(read_versions{.room = wanted.room, .by = who_, .target = wanted.target},
         [id = request_id(wanted)](conversation& self, answer found) {
             --self.in_flight_;
             if (const auto* why = std::get_if<refusal>(&found)) return self.refuse(id, *why);
             self.answer_versions(id, std::move(found));
         });
}

void conversation::answer_versions(request_id id, answer found) {
    protocol::ok reply;
    auto& list = std::get<version_list>(found);
    reply.versions = std::move(list.versions);
    reply.more = list.more;
    answer_ok(id, std::move(reply));
}

}  // namespace parley::chat
