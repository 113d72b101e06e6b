// A model under test: inputs go in, requests that it sends and things that it stores come out
// decoded.
#pragma once

#include "shared/protocol/codec.hpp"
#include "tests/unit/catch.hpp"
#include "wasm-client/state/reduce.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace parley::state {

// The message number `seq` of a room in which everything is a message.
inline protocol::event message_event(std::uint64_t seq, std::string author, std::string text,
                                     std::string nonce = "") {
    protocol::event event{.seq = seq,
                          .at = 1'000'000 + seq,
                          .author = std::move(author),
                          .said = seq,
                          .nonce = {},
                          .body = protocol::message()};
    protocol::as<protocol::message>(event)->text = std::move(text);
    if (!nonce.empty()) event.nonce = std::move(nonce);
    return event;
}

inline protocol::event event_of(std::uint64_t seq, std::string author, protocol::event_body body) {
    protocol::event event = message_event(seq, std::move(author), "");
    event.said.reset();
    event.body = std::move(body);
    return event;
}

inline std::vector<protocol::event> messages(std::uint64_t first, std::uint64_t last) {
    std::vector<protocol::event> page;
    for (std::uint64_t seq = first; seq <= last; ++seq)
        page.push_back(message_event(seq, "bob", "m" + std::to_string(seq)));
    return page;
}

inline protocol::room_summary summary(std::string room, std::uint64_t top, std::uint64_t read) {
    return {.room = room,
            .title = room,
            .kind = std::string(protocol::room_kind::open),
            .epoch = 1,
            .top = top,
            .said = top,
            .shrunk = {},
            .read = read,
            .unread = top - read,
            .joined = true,
            .people = {},
            .resync = {}};
}

inline protocol::room_summary direct_summary(std::string room, std::string other, std::uint64_t top,
                                             std::uint64_t read) {
    auto direct = summary(std::move(room), top, read);
    direct.kind = protocol::room_kind::direct;
    direct.title = other;
    direct.people = {"ann", std::move(other)};
    std::sort(direct.people.begin(), direct.people.end());
    return direct;
}

inline protocol::page page_of(const std::string& room, std::uint64_t from, std::uint64_t to,
                              std::uint64_t epoch = 1) {
    return {.room = room, .epoch = epoch, .from = from, .to = to, .events = messages(from, to)};
}

inline protocol::head head_of(const std::string& room, std::uint64_t top) {
    return {.room = room, .epoch = 1, .top = top, .said = top, .shrunk = {}};
}

inline protocol::person came_on_list(protocol::room_summary room) {
    protocol::person notice;
    notice.changes.push_back({protocol::membership{.room = room.room, .on = true}});
    notice.rooms.push_back(std::move(room));
    return notice;
}

inline protocol::person went_off_list(std::string room) {
    protocol::person notice;
    notice.changes.push_back({protocol::membership{.room = std::move(room), .on = false}});
    return notice;
}

inline protocol::person marked(std::string room, std::uint64_t seq) {
    protocol::person notice;
    notice.changes.push_back(
        {protocol::read_mark{.room = std::move(room), .seq = seq, .said = seq}});
    return notice;
}

struct driven_model {
    state::model model;
    std::uint64_t now_ms = 1'000'000'000;
    std::uint64_t date_ms = 1'000'000'000;
    std::deque<protocol::request> sent;
    std::vector<post> posted;
    std::map<std::string, std::string> stored;
    std::vector<std::string> loads;  // the prefixes of the last
    int drops = 0;
    std::uint64_t random = 0;
    inputs::stamp tab = {};

    void happen(const input& happened) {
        for (const effect& caused : reduce(model, happened, now_ms)) carry_out(caused);
    }
    void receive(const protocol::notice& notice) {
        happen(inputs::received{protocol::encode(notice)});
    }
    void pass(std::uint64_t ms) {
        now_ms += ms;
        date_ms += ms;
        happen(inputs::tick{});
    }
    void type(std::string text) { happen(inputs::type_text{model.open, std::move(text)}); }
    void say(std::string text) {
        happen(inputs::send{
            .room = model.open, .text = std::move(text), .random = ++random, .date_ms = date_ms});
    }

    // The oldest request of this type that was not taken yet. Fails the test when there is none.
    template <class Request>
    Request take() {
        for (auto it = sent.begin(); it != sent.end(); ++it) {
            if (!std::holds_alternative<Request>(*it)) continue;
            Request request = std::get<Request>(*it);
            sent.erase(it);
            return request;
        }
        FAIL("the request was not sent: " << Request::type);
        return {};
    }
    template <class Request>
    std::size_t count() const {
        std::size_t number = 0;
        for (const auto& request : sent) number += std::holds_alternative<Request>(request) ? 1 : 0;
        return number;
    }

    void sign_in(const std::string& user = "ann") {
        happen(inputs::started{"", "", tab});
        protocol::ok answer;
        answer.user = user;
        answer.guests = true;
        happen(inputs::posted{"whoami", protocol::encode(answer)});
    }
    protocol::hello connect() {
        happen(inputs::connecting{});
        happen(inputs::opened{});
        return take<protocol::hello>();
    }
    void welcome(std::uint64_t hello_id, std::vector<protocol::room_summary> rooms) {
        receive(protocol::welcome{.id = hello_id,
                                  .me = model.me,
                                  .server = "test/1",
                                  .limits = {},
                                  .rooms = std::move(rooms)});
    }
    // Signed in, connected, in the lobby with this much of its log, all of it on the screen.
    void enter_lobby(std::uint64_t oldest, std::uint64_t top, std::uint64_t read) {
        sign_in();
        welcome(connect().id.value(), {summary("lobby", top, read)});
        happen(inputs::restored{});
        confirm_subscription("lobby", top);
        const std::uint64_t end = std::min(top, oldest + protocol::limits::history_page_max - 1);
        receive(page_of("lobby", oldest, end));
        receive(protocol::events{.room = "lobby", .epoch = 1, .events = messages(end + 1, top)});
        happen(inputs::look{true, true});
        sent.clear();
    }
    void confirm_subscription(const std::string& room, std::uint64_t top) {
        const auto request = take<protocol::subscribe>();
        CHECK(request.room == room);
        protocol::ok answer = accepted(request.id);
        answer.epoch = 1;
        answer.top = answer.said = top;
        receive(answer);
    }
    // A room of this person, which is not on the screen.
    void add_room(protocol::room_summary room) { receive(came_on_list(std::move(room))); }
    void lose_connection(std::uint16_t code = 1006) { happen(inputs::closed{code}); }
    // What is deliverable on the wire: a new connection knows nothing of the old one's requests.
    void reconnect(std::vector<protocol::room_summary> rooms) {
        lose_connection();
        sent.clear();
        welcome(connect().id.value(), std::move(rooms));
    }

    static protocol::ok accepted(std::uint64_t id) {
        protocol::ok answer;
        answer.id = id;
        return answer;
    }
    static protocol::error refused(std::uint64_t id, std::string code, std::uint64_t retry_ms = 0) {
        protocol::error answer;
        answer.id = id;
        answer.code = std::move(code);
        answer.message = "No.";
        if (retry_ms > 0) answer.retry_ms = retry_ms;
        return answer;
    }
    room& lobby() { return model.rooms.at("lobby"); }

private:
    void carry_out(const effect& caused) {
        if (const auto* frame = std::get_if<send_frame>(&caused)) {
            const auto read = protocol::decode_request(frame->frame);
            REQUIRE(std::holds_alternative<protocol::request>(read));
            sent.push_back(std::get<protocol::request>(read));
        } else if (const auto* request = std::get_if<post>(&caused)) {
            posted.push_back(*request);
        } else if (const auto* value = std::get_if<store>(&caused)) {
            if (value->value.empty())
                stored.erase(value->key);
            else
                stored[value->key] = value->value;
        } else if (const auto* erased = std::get_if<erase>(&caused)) {
            for (const std::string& prefix : erased->prefixes)
                std::erase_if(stored, [&](auto& entry) { return entry.first.starts_with(prefix); });
        } else if (const auto* wanted = std::get_if<load>(&caused)) {
            loads = wanted->prefixes;
        } else {
            ++drops;
        }
    }
};

}  // namespace parley::state
