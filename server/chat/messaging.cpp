// A conversation's requests about messages: what is said, and what is changed of it.
#include "server/chat/conversation.hpp"
#include "server/chat/hub.hpp"

#include <utility>

namespace parley::chat {

void conversation::on(const protocol::send& what, steady_ms now) {
    if (!admit_change(what, now)) return;
    say(what, append{what.room, who_, what.nonce, what.text, what.reply_to});
}

void conversation::say(request_id id, append what) {
    ++in_flight_;
    auto told = while_here<conversation, outcome>(
        [id, room = what.room](conversation& self, const outcome& became) {
            --self.in_flight_;
            if (const auto* why = std::get_if<refusal>(&became)) return self.refuse(id, *why);
            self.answer_send(id, std::get<receipt>(became));
            self.hear_soon(room);
        });
    home_.log_.submit(std::move(what), std::move(told));
}

void conversation::answer_send(request_id id, const receipt& done) {
    protocol::ok reply;
    reply.seq = done.seq;
    reply.at = done.at;
    reply.said = done.said;
    answer_ok(id, std::move(reply));
}

void conversation::on(const protocol::edit& wanted, steady_ms now) {
    if (!admit_change(wanted, now)) return;
    submit(wanted,
           edit_message{.room = wanted.room,
                        .by = who_,
                        .nonce = wanted.nonce,
                        .target = wanted.target,
                        .base = wanted.base,
                        .text = wanted.text},
           &conversation::answer_change);
}

void conversation::on(const protocol::delete_message& wanted, steady_ms now) {
    if (!admit_change(wanted, now)) return;
    submit(wanted,
           delete_message{.room = wanted.room,
                          .by = who_,
                          .nonce = wanted.nonce,
                          .target = wanted.target,
                          .reason = wanted.reason},
           &conversation::answer_change);
}

void conversation::on(const protocol::react& wanted, steady_ms now) {
    if (!admit_change(wanted, now)) return;
    submit(wanted,
           react_to_message{.room = wanted.room,
                            .by = who_,
                            .nonce = wanted.nonce,
                            .target = wanted.target,
                            .emoji = wanted.emoji,
                            .on = wanted.on},
           &conversation::answer_change);
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
