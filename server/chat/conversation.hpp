// A connection that speaks parley.1: each request is checked, carried out, and answered exactly
// once.
#pragma once

#include "server/base/token_bucket.hpp"
#include "server/chat/ledger.hpp"
#include "server/chat/participant.hpp"
#include "shared/protocol/codec.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace parley::chat {

class conversation final : public participant {
public:
    // connected: a WebSocket, which says `hello` first. exchange: single requests over HTTP.
    enum class manner : std::uint8_t { connected, exchange };

    conversation(hub& owner, identity who, peer& far_end, manner kind);

    void receive(std::string_view text, steady_ms now) override;
    void receive_binary() override;
    void drained() override;
    bool fall_behind() override;
    void missed(subscription& where) override;
    void list_read(const room_list& list) override;
    void say_bye(protocol::close_code code, std::string_view reason) override;
    bool keeps_a_list() const override {
        return welcomed_ && manner_ == manner::connected && !who_.session.empty();
    }
    void doubt_list() override { list_is_old_ = true; }

    // A request that was decoded already: of an exchange.
    void carry_out(const protocol::request& what, steady_ms now);
    void refuse(const protocol::fault& found);

private:
    // Which request is answered: the peer knows it by its id, the counters by its type.
    struct request_id {
        template <class Request>
        requires requires { Request::type; }
        request_id(const Request& what) : type(request_type(Request::type)) {
            if constexpr (requires { what.id; }) id = what.id;
        }
        std::optional<std::uint64_t> id;
        std::size_t type;
    };
    enum class paged : std::uint8_t { from_cursor, newest, resynced };

    // A subscription whose first page is being read. Without an id it is resumed, and has no
    // answer.
    struct beginning {
        std::optional<request_id> id;
        std::uint32_t reading;
        protocol::position wanted;
        paged paging;
    };
    using continuation = std::function<void(conversation&, any_answer)>;
    struct page_wanted {
        query wanted;
        continuation then;
    };
    static constexpr std::uint8_t pages_in_flight_max = 2;

    void on(const protocol::hello& request, steady_ms now);
    void on(const protocol::subscribe& request, steady_ms now);
    void on(const protocol::unsubscribe& request, steady_ms now);
    void on(const protocol::send& request, steady_ms now);
    void on(const protocol::versions& request, steady_ms now);
    void on(const protocol::history& request, steady_ms now);
    void on(const protocol::catch_up& request, steady_ms now);
    void on(const protocol::counts& request, steady_ms now);
    void on(const protocol::open_direct& request, steady_ms now);
    void on(const protocol::list_rooms& request, steady_ms now);
    void on(const protocol::typing& request, steady_ms now);
    void on(const protocol::mark& request, steady_ms now);
    void on(const protocol::ping& request, steady_ms now);

    // Any other change of a log, whose answer says which event it made; or of the person's own.
    template <class Request>
    requires is_durable<Request>
    void on(const Request& request, steady_ms now) {
        const bool is_admitted = protocol::keeps_record<Request> ? admit_record(request, now)
                                                                 : admit_change(request, now);
        if (is_admitted)
            submit(request, authored<Request>{request, who_}, &conversation::answer_change);
    }

    bool may_tell_typing(const std::string& room, bool active, steady_ms now);

    // Whether the request may go to the ledger; if not, it was refused: too many wait, or `hello`
    // is missing; a change or a look-up comes too fast; the person has no list of rooms.
    bool admit(request_id id);
    bool admit_change(request_id id, steady_ms now);
    bool admit_record(request_id id, steady_ms now);
    bool admit_lookup(request_id id, steady_ms now);
    bool keeps_to_rate(request_id id, std::uint64_t retry_ms, steady_ms now);
    bool admit_member(request_id id);
    void submit(request_id id, command what,
                void (conversation::*answered)(request_id, const receipt&));

    // What is found answers the request. `ask`: at once; `ask_in_turn`: as `read` does.
    template <class Query>
    using answering = void (conversation::*)(request_id, typename Query::answer&&);
    template <class Query>
    continuation then_answer(request_id id, answering<Query> answer);
    template <class Query>
    void ask(request_id id, Query wanted, answering<Query> answer) {
        look_up(std::move(wanted), then_answer<Query>(id, answer));
    }
    template <class Query>
    void ask_in_turn(request_id id, Query wanted, answering<Query> answer) {
        look_up_in_turn(std::move(wanted), then_answer<Query>(id, answer));
    }
    // Pages are read a few at a time, and none while the outbox is over its bound: however much a
    // connection asks for, what it makes the server keep is bounded.
    template <class Query, class Act>
    void read(Query wanted, Act act) {
        look_up_in_turn(std::move(wanted),
                        [act = std::move(act)](conversation& self, any_answer found) {
                            act(self, narrow<Query>(std::move(found)));
                        });
    }
    void look_up(query wanted, continuation then);
    void look_up_in_turn(query wanted, continuation then);

    void answer_change(request_id id, const receipt& done);
    void answer_send(request_id id, const receipt& done);
    void answer_page(request_id id, page&& found);
    void answer_run(request_id id, page&& found);
    void answer_counts(request_id id, room_counts&& found);
    void answer_versions(request_id id, version_list&& found);
    void answer_rooms(request_id id, room_list&& found);

    void welcome(request_id id, const std::vector<protocol::position>& resume, room_list found,
                 std::uint64_t rooms_begun);
    void stop_following(subscription& where);
    void tell_list(const room_list& list);
    void send_records(const personal_changes& found);
    void begin(const std::string& room, std::optional<request_id> id,
               std::optional<std::uint64_t> epoch, std::optional<std::uint64_t> seq);
    void read_first_page(beginning start);
    void first_page(const beginning& start, answer_to<read_run> found);
    void not_begun(const beginning& start, subscription* there, const refusal& why);
    void read_next_page(subscription& where);
    void next_page(const std::string& room, std::uint32_t reading, answer_to<read_run> found);
    void tell_page(subscription& where, page&& found);
    void tell_run(subscription& where, page&& found);
    void read_pages();

    void answer_ok(request_id id, protocol::ok reply);
    void refuse(request_id id, protocol::error_code code, std::string_view message,
                std::uint64_t retry_ms = 0, std::string_view field = {});
    void refuse(request_id id, const refusal& why);

    const manner manner_;
    bool greeted_;              // hello was said, or is not needed
    bool welcomed_ = false;     // and answered
    bool list_is_old_ = false;  // it may have changed unheard since it was asked for
    std::uint8_t bad_frames_in_a_row_ = 0;
    std::uint8_t in_flight_ = 0;
    std::uint8_t pages_in_flight_ = 0;
    base::token_bucket sends_;    // and other changes of the log
    base::token_bucket records_;  // changes of what the person keeps
    base::token_bucket lookups_;  // what is read from the ledger, and read marks
    base::token_bucket refusals_;
    std::string types_in_;  // the room that others were told of; empty: none
    base::token_bucket typing_;
    std::vector<page_wanted>
        pages_wanted_;  // at most one for each subscription and request in flight
};

template <class Query>
conversation::continuation conversation::then_answer(request_id id, answering<Query> answer) {
    ++in_flight_;
    return [id, answer](conversation& self, any_answer found) {
        --self.in_flight_;
        auto read = narrow<Query>(std::move(found));
        if (const auto* why = std::get_if<refusal>(&read)) return self.refuse(id, *why);
        (self.*answer)(id, std::get<typename Query::answer>(std::move(read)));
    };
}

}  // namespace parley::chat
