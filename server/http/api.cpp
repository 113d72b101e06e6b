// A call is checked, authenticated, carried out by the accounts or by the chat, and answered.
#include "server/http/api.hpp"

#include "server/base/address.hpp"
#include "server/chat/conversation.hpp"
#include "server/http/credentials.hpp"
#include "server/http/origin.hpp"
#include "server/http/tokens.hpp"
#include "shared/ensure.hpp"
#include "shared/protocol/codec.hpp"

#include <algorithm>
#include <array>

namespace parley::http {
namespace {

using protocol::error_code;

template <class Set>
bool declares(std::string_view type) {
    const auto all = protocol::messages_in<Set>();
    return std::any_of(all.begin(), all.end(),
                       [&](const auto* message) { return message->type == type; });
}

bool is_json(const request& request) {
    const auto type = request.header("content-type").value_or("");
    return same_token(trim(type.substr(0, type.find(';'))), "application/json");
}

response error_response(const protocol::error& error) {
    const auto meaning =
        std::find_if(protocol::error_meanings.begin(), protocol::error_meanings.end(),
                     [&](const auto& row) { return row.word == error.code; });
    response out = json_response(meaning->http_status, protocol::encode(error));
    if (meaning->retry)
        out.set("Retry-After", std::to_string((error.retry_ms.value_or(1000) + 999) / 1000));
    if (meaning->http_status == 401) out.set("WWW-Authenticate", "Bearer");
    return out;
}

// The line of the log for an account request that has succeeded.
std::string_view event_of(std::string_view type) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> events{{
        {protocol::sign_up::type, "account made"},
        {protocol::sign_in::type, "signed in"},
        {protocol::sign_in_guest::type, "guest signed in"},
        {protocol::sign_out::type, "signed out"},
        {protocol::revoke_session::type, "session revoked"},
    }};
    for (const auto& [name, event] : events)
        if (name == type) return event;
    return {};
}

response method_not_allowed() {
    response out = text_response(405);
    out.set("Allow", "POST");
    return out;
}

}  // namespace

class api_call final : public chat::peer, public std::enable_shared_from_this<api_call> {
public:
    api_call(api& owner, request request, api::answered done)
        : api_(owner), request_(std::move(request)), done_(std::move(done)) {}

    void begin();

private:
    void authenticated(auth::accounts::authenticated result);
    template <class Decoded>
    void carry_out_decoded(const Decoded& body);
    void carry_out(const protocol::account_request& body);
    void carry_out(const protocol::request& body);
    void account_answered(const auth::account_answer& answer);
    void refuse(error_code code, std::string_view message, std::uint64_t retry_ms = 0);
    void finish(response out);
    chat::request_counters& counters() { return api_.hub_.counted().requests; }

    // A callback for any thread: it runs `act` on the shard, unless the call is gone by then.
    template <class Result>
    auto on_shard(void (api_call::*act)(Result)) {
        return [weak = weak_from_this(), post = api_.post_to_shard_, act](auto&& result) {
            post([weak, act, result = std::forward<decltype(result)>(result)] {
                if (const auto self = weak.lock()) (self.get()->*act)(result);
            });
        };
    }

    // chat::peer: the conversation gives one answer.
    void answer(std::string_view text) override { finish(json_response(200, std::string(text))); }
    void refuse(const protocol::error& why) override { finish(error_response(why)); }
    void refuse_counted(const protocol::error& why);
    void push(wire::shared_frame) override {}
    std::size_t queued_bytes() const override { return 0; }
    void close(protocol::close_code, std::string_view reason) override {
        refuse(error_code::busy, reason, 1000);
    }

    api& api_;
    const request request_;
    const std::string_view type_ = request_.path().substr(api_prefix.size());
    api::answered done_;  // empty once called
    std::optional<chat::identity> who_;
    std::vector<std::string> cookies_;  // for the answer to set
    // For the log: see response.
    std::string reason_;
    std::string_view event_;
    std::string subject_;
    std::shared_ptr<chat::conversation> exchange_;
};

// The conversation counts its own refusals; these never reach it.
void api_call::refuse_counted(const protocol::error& why) {
    const auto& all = protocol::error_meanings;
    const auto meaning = std::find_if(all.begin(), all.end(),
                                      [&](const auto& row) { return row.word == why.code; }) -
                         all.begin();
    counters().refused(chat::request_type(type_), static_cast<error_code>(meaning));
    finish(error_response(why));
}

void api_call::refuse(error_code code, std::string_view message, std::uint64_t retry_ms) {
    protocol::error error;
    error.code = to_word(code);
    error.message = message;
    if (retry_ms > 0) error.retry_ms = retry_ms;
    refuse_counted(error);
}

void api_call::begin() {
    if (!declares<protocol::account_request>(type_) && !declares<protocol::request>(type_))
        return refuse(error_code::unsupported, "no such type here");
    if (request_.method != "POST") return finish(method_not_allowed());
    if (!is_trusted(request_, api_.origins_)) {
        reason_ = explain_distrust(request_);
        return refuse(error_code::forbidden, reason_);
    }
    if (!is_json(request_)) return finish(text_response(415, "application/json is needed"));
    if (const auto retry_ms = api_.admit_request(request_.remote_address))
        return refuse(error_code::rate, "too many requests from there", retry_ms);
    const std::string token = token_of(request_, api_.cookies_);
    if (token.empty()) return authenticated(std::optional<chat::identity>());
    api_.accounts_.authenticate(token, on_shard(&api_call::authenticated));
}

void api_call::authenticated(auth::accounts::authenticated result) {
    if (const auto* why = std::get_if<chat::refusal>(&result))
        return refuse(why->code, why->message, why->retry_ms);
    who_ = std::get<std::optional<chat::identity>>(result);
    if (who_) cookies_ = renewed_session_cookies(request_, api_.cookies_);
    if (declares<protocol::account_request>(type_))
        return carry_out_decoded(protocol::decode_account_request_body(type_, request_.body));
    if (!who_) return refuse(error_code::unauthenticated, "sign in first");
    carry_out_decoded(protocol::decode_request_body(type_, request_.body));
}

template <class Decoded>
void api_call::carry_out_decoded(const Decoded& body) {
    if (const auto* fault = std::get_if<protocol::fault>(&body))
        return refuse_counted(to_error(*fault));
    carry_out(std::get<0>(body));
}

void api_call::carry_out(const protocol::account_request& body) {
    if (std::holds_alternative<protocol::sign_up>(body) &&
        may_be_rebound(request_, api_.origins_)) {
        reason_ =
            "accounts are made at a name of this machine, or through a proxy that says for whom it "
            "asks: let it set X-Forwarded-For, or start the server with --origin and its address";
        return refuse(error_code::forbidden, reason_);
    }
    const auth::requester from{who_, std::string(request_.header("user-agent").value_or("unknown")),
                               request_.remote_address, takes_guests(api_.guests_, request_),
                               device_token_of(request_, api_.cookies_)};
    if (const auto* attempt = std::get_if<protocol::sign_in>(&body)) subject_ = attempt->user;
    api_.accounts_.carry_out(body, from, on_shard(&api_call::account_answered));
}

void api_call::account_answered(const auth::account_answer& answer) {
    if (const auto* refused = std::get_if<protocol::error>(&answer.reply)) {
        const bool is_wrong = refused->code == to_word(error_code::unauthenticated);
        if (!subject_.empty() && is_wrong) event_ = "sign-in failed";
        return refuse_counted(*refused);
    }
    counters().done(chat::request_type(type_));
    const auto& ok = std::get<protocol::ok>(answer.reply);
    event_ = event_of(type_);
    if (ok.user || who_) subject_ = ok.user ? *ok.user : who_->user;
    response out = json_response(200, protocol::encode(ok));
    if (answer.new_token) cookies_ = session_cookies(request_, *answer.new_token, api_.cookies_);
    if (answer.clear_cookie) cookies_ = expired_session_cookies(request_, api_.cookies_);
    if (answer.device_token)
        cookies_.push_back(device_cookie(request_, *answer.device_token, api_.cookies_));
    finish(std::move(out));
}

void api_call::carry_out(const protocol::request& body) {
    exchange_ = api_.hub_.open_exchange(*who_, *this);
    exchange_->carry_out(body, api_.now_());
}

void api_call::finish(response out) {
    const auto done = std::exchange(done_, nullptr);
    if (who_) out.user = who_->user;
    for (const std::string& cookie : cookies_) out.set("Set-Cookie", cookie);
    out.reason = reason_;
    out.event = event_;
    out.subject = subject_;
    if (done) done(std::move(out));
}

std::shared_ptr<void> api::handle(request request, answered done) {
    ensure(request.path().starts_with(api_prefix));
    auto call = std::make_shared<api_call>(*this, std::move(request), std::move(done));
    call->begin();
    return call;
}

std::uint64_t api::admit_request(const std::string& address) {
    return base::is_loopback(address) ? 0 : requests_.take(address, now_());
}

}  // namespace parley::http
