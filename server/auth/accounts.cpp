// Each request is a short chain: its limit, the password, the ledger, the answer.
#include "server/auth/accounts.hpp"

#include "server/auth/devices.hpp"
#include "server/auth/tokens.hpp"
#include "server/base/address.hpp"
#include "shared/protocol/names.hpp"
#include "shared/protocol/text.hpp"

#include <algorithm>
#include <utility>

namespace parley::auth {
namespace {

using protocol::error_code;
using request_id = std::optional<std::uint64_t>;

account_answer refuse(request_id id, const chat::refusal& why) {
    protocol::error answer;
    answer.id = id;
    answer.code = std::string(protocol::to_word(why.code));
    answer.message = why.message;
    if (!why.field.empty()) answer.field_at_fault = why.field;
    if (why.retry_ms > 0) answer.retry_ms = why.retry_ms;
    return {std::move(answer)};
}

account_answer refuse(request_id id, error_code code, std::string message,
                      std::uint64_t retry_ms = 0) {
    return refuse(id, chat::refusal{code, std::move(message), "", retry_ms});
}

account_answer accept(request_id id) {
    protocol::ok answer;
    answer.id = id;
    return {std::move(answer)};
}

account_answer hashing_is_busy(request_id id) {
    return refuse(id, error_code::busy, "too many people sign in at this moment", hashing_retry_ms);
}

account_answer too_many(request_id id, std::uint64_t retry_ms) {
    return refuse(id, error_code::rate, "too many attempts", retry_ms);
}

account_answer not_signed_in(request_id id) {
    return refuse(id, error_code::unauthenticated, "sign in first");
}

bool has_session(const requester& from) { return from.who && !from.who->session.empty(); }

// Cut to what protocol::software allows.
std::string cleaned(const std::string& software) {
    const std::string line = protocol::is_utf8(software) ? protocol::to_single_line(software) : "";
    const std::string_view cut = protocol::cut_utf8(line, protocol::limits::client_name_bytes_max);
    return cut.empty() ? "unknown" : std::string(cut);
}

// Behind a proxy that does not name its clients, each user is a source of its own: as one source
// they would wait for each other.
std::string source_of(const std::string& address, const std::string& user) {
    return base::is_loopback(address) ? user + " here" : address;
}

// Answers a command that opens a session. The token is in this answer only.
std::function<void(chat::outcome)> answer_with_token(request_id id, std::string user,
                                                     std::string token,
                                                     std::optional<std::string> device_token,
                                                     accounts::answered done) {
    return [id, user = std::move(user), token = std::move(token),
            device_token = std::move(device_token),
            done = std::move(done)](const chat::outcome& outcome) {
        if (const auto* const refused = std::get_if<chat::refusal>(&outcome))
            return done(refuse(id, *refused));
        protocol::ok answer;
        answer.id = id;
        answer.user = user;
        answer.token = token;
        done({.reply = std::move(answer), .new_token = token, .device_token = device_token});
    };
}

}  // namespace

accounts::accounts(chat::ledger& ledger, std::function<base::steady_ms()> now, hash_cost cost)
    : ledger_(ledger), now_(std::move(now)), passwords_(cost) {}

// This takes no longer than the hashing that has begun.
accounts::~accounts() {
    passwords_.end();
    const base::mutex_lock lock(mutex_);
    while (pending_ > 0) all_answered_.wait(mutex_);
}

void accounts::carry_out(protocol::account_request request, requester from, answered done) {
    {
        const base::mutex_lock lock(mutex_);
        ++pending_;
    }
    auto finish = [this, done = std::move(done)](account_answer answer) {
        done(std::move(answer));
        const base::mutex_lock lock(mutex_);
        if (--pending_ == 0) all_answered_.notify_all();
    };
    std::visit([&](auto& one) { handle(std::move(one), from, finish); }, request);
}

void accounts::authenticate(const std::string& token, std::function<void(authenticated)> done) {
    ledger_.ask(chat::find_session{hash_of(token)},
                [done = std::move(done)](const chat::answer_to<chat::find_session>& answer) {
                    if (const auto* const refused = std::get_if<chat::refusal>(&answer))
                        return done(*refused);
                    done(std::get<chat::found_session>(answer).who);
                });
}

void accounts::check_guest_name(const std::string& user,
                                std::function<void(std::optional<chat::refusal>)> done) {
    if (protocol::is_reserved_name(protocol::bare_name(user)))
        return done(chat::refusal{error_code::conflict, "this name is reserved", "user", 0});
    ledger_.ask(chat::find_person{user},
                [done = std::move(done)](const chat::answer_to<chat::find_person>& answer) {
                    if (const auto* const refused = std::get_if<chat::refusal>(&answer))
                        return done(*refused);
                    const auto& person = std::get<chat::found_person>(answer);
                    if (!person.account && !person.guest_signed_in) return done(std::nullopt);
                    done(chat::refusal{error_code::conflict, "this name is taken", "user", 0});
                });
}

void accounts::handle(protocol::sign_up request, const requester& from, answered done) {
    if (const std::uint64_t retry_ms = admit_newcomer(from.address))
        return done(too_many(request.id, retry_ms));
    const password_turn turn{.lane = source_of(from.address, request.user)};
    std::string password = std::exchange(request.password, {});
    passwords_.hash(std::move(password), turn,
                    [this, request = std::move(request), software = cleaned(from.software),
                     done](const std::optional<std::string>& hash) {
                        if (!hash) return done(hashing_is_busy(request.id));
                        add_account(request, *hash, software, done);
                    });
}

void accounts::add_account(const protocol::sign_up& request, const std::string& password_hash,
                           const std::string& software, answered done) {
    const std::string token = make_token();
    ledger_.submit(
        chat::add_account{request.display_name.value_or(request.user),
                          password_hash,
                          {request.user, hash_of(token), software}},
        answer_with_token(request.id, request.user, token,
                          make_device_token(request.user, password_hash), std::move(done)));
}

void accounts::handle(protocol::sign_in request, const requester& from, answered done) {
    const std::string user = request.user;
    ledger_.ask(
        chat::find_person{user}, [this, request = std::move(request), from,
                                  done](const chat::answer_to<chat::find_person>& answer) mutable {
            if (const auto* const refused = std::get_if<chat::refusal>(&answer))
                return done(refuse(request.id, *refused));
            try_password(std::move(request), from, std::get<chat::found_person>(answer), done);
        });
}

void accounts::try_password(protocol::sign_in request, const requester& from,
                            const chat::found_person& person, answered done) {
    const guess attempt{request.user, from.address,
                        device_named_by(from.device, request.user, person.password_hash)};
    const auto admitted = take(attempt);
    if (admitted.retry_ms > 0) return done(too_many(request.id, admitted.retry_ms));
    const password_turn turn{.lane = admitted.by_device ? attempt.user + " " + attempt.device
                                                        : source_of(attempt.address, attempt.user),
                             .delay_ms = admitted.delay_ms,
                             .known = admitted.by_device};
    passwords_.check(
        std::move(request.password), person.password_hash, turn,
        [this, id = request.id, attempt, admitted, hash = person.password_hash,
         device = from.device, software = cleaned(from.software), done](verdict result) {
            if (result != verdict::wrong) give_back(attempt, admitted);
            if (result == verdict::busy) return done(hashing_is_busy(id));
            if (result == verdict::wrong)
                return done(
                    refuse(id, error_code::unauthenticated, "this name and password do not match"));
            const bool is_known = !attempt.device.empty();
            const std::string token = make_token();
            ledger_.submit(
                chat::open_session{{attempt.user, hash_of(token), software}},
                answer_with_token(id, attempt.user, token,
                                  is_known ? device : make_device_token(attempt.user, hash), done));
        });
}

void accounts::handle(const protocol::sign_in_guest& request, const requester& from,
                      answered done) {
    if (!from.guests_allowed)
        return done(refuse(request.id, error_code::forbidden, "this server takes no guests"));
    if (const std::uint64_t retry_ms = admit_newcomer(from.address))
        return done(too_many(request.id, retry_ms));
    const std::string token = make_token();
    const std::string user = protocol::guest_name(request.user);
    ledger_.submit(chat::add_guest{{user, hash_of(token), cleaned(from.software)}},
                   answer_with_token(request.id, user, token, std::nullopt, std::move(done)));
}

// If the session has ended meanwhile, signing out has succeeded too.
void accounts::handle(const protocol::sign_out& request, const requester& from, answered done) {
    if (!has_session(from)) return done(not_signed_in(request.id));
    ledger_.submit(chat::end_session{from.who->user, from.who->session},
                   [id = request.id, done](const chat::outcome& outcome) {
                       const auto* const refused = std::get_if<chat::refusal>(&outcome);
                       account_answer answer = refused && refused->code != error_code::not_found
                                                   ? refuse(id, *refused)
                                                   : accept(id);
                       answer.clear_cookie = std::holds_alternative<protocol::ok>(answer.reply);
                       done(std::move(answer));
                   });
}

void accounts::handle(const protocol::list_sessions& request, const requester& from,
                      answered done) {
    if (!has_session(from)) return done(not_signed_in(request.id));
    ledger_.ask(chat::read_sessions{from.who->user},
                [id = request.id, own = from.who->session,
                 done](const chat::answer_to<chat::read_sessions>& answer) {
                    if (const auto* const refused = std::get_if<chat::refusal>(&answer))
                        return done(refuse(id, *refused));
                    protocol::ok list;
                    list.id = id;
                    auto sessions = std::get<chat::session_list>(answer).sessions;
                    for (auto& session : sessions) session.current = session.session == own;
                    list.sessions = std::move(sessions);
                    done({std::move(list)});
                });
}

void accounts::handle(const protocol::revoke_session& request, const requester& from,
                      answered done) {
    if (!has_session(from)) return done(not_signed_in(request.id));
    const bool own = request.session == from.who->session;
    ledger_.submit(chat::end_session{from.who->user, request.session},
                   [id = request.id, own, done](const chat::outcome& outcome) {
                       if (const auto* const refused = std::get_if<chat::refusal>(&outcome))
                           return done(refuse(id, *refused));
                       account_answer answer = accept(id);
                       answer.clear_cookie = own;
                       done(std::move(answer));
                   });
}

void accounts::handle(const protocol::whoami& request, const requester& from, answered done) {
    protocol::ok answer;
    answer.id = request.id;
    if (from.who) answer.user = from.who->user;
    answer.guests = from.guests_allowed;
    done({std::move(answer)});
}

std::uint64_t accounts::admit_newcomer(const std::string& address) {
    if (base::is_loopback(address)) return 0;
    const base::mutex_lock lock(mutex_);
    return newcomers_.take(address, now_());
}

guess_limits::admission accounts::take(const guess& attempt) {
    const base::mutex_lock lock(mutex_);
    return guesses_.take(attempt, now_());
}

void accounts::give_back(const guess& attempt, const guess_limits::admission& taken) {
    const base::mutex_lock lock(mutex_);
    guesses_.give_back(attempt, taken);
}

}  // namespace parley::auth
