// A conversation's requests about messages: what is said, and the wordings of it.
#include "server/chat/conversation.hpp"
#include "server/chat/hub.hpp"

#include <utility>

namespace parley::chat {

void conversation::on(const protocol::send& request, steady_ms now) {
    if (!admit_change(request, now)) return;
    ++in_flight_;
    auto answered = while_here<conversation, outcome>(
        [id = request_id(request), room = request.room](conversation& self, const outcome& became) {
            --self.in_flight_;
            if (const auto* why = std::get_if<refusal>(&became)) return self.refuse(id, *why);
            self.answer_send(id, std::get<receipt>(became));
            self.hear_soon(room);
        });
    hub_.log_.submit(authored<protocol::send>{request, who_}, std::move(answered));
}

void conversation::answer_send(request_id id, const receipt& done) {
    protocol::ok reply;
    reply.seq = done.seq;
    reply.at = done.at;
    reply.said = done.said;
    answer_ok(id, std::move(reply));
}

void conversation::on(const protocol::versions& request, steady_ms now) {
    if (!admit_lookup(request, now)) return;
    read_versions versions{.room = request.room, .by = who_, .target = request.target};
    ask_in_turn(request, std::move(versions), &conversation::answer_versions);
}

void conversation::answer_versions(request_id id, version_list&& found) {
    protocol::ok reply;
    reply.versions = std::move(found.versions);
    reply.more = found.more;
    answer_ok(id, std::move(reply));
}

}  // namespace parley::chat
