// Signing in and out: the requests over HTTP and their answers.
#include "shared/protocol/codec.hpp"
#include "wasm-client/state/step.hpp"

#include <type_traits>

namespace parley::state {
namespace {

// Words the fault of a form for the person who fills it in.
std::string problem_of(const protocol::fault& fault) {
    namespace limits = protocol::limits;
    if (fault.field == "user")
        return "A user name has " + std::to_string(limits::user_name_bytes_min) + " to " +
               std::to_string(limits::user_name_bytes_max) +
               " characters: a–z, 0–9, dot, dash and underscore.";
    if (fault.field == "password")
        return "A password has at least " + std::to_string(limits::password_bytes_min) +
               " characters.";
    return sentence(fault.message);
}

// Words the server's refusal of a form for the person who filled it in.
std::string problem_of(const model& m, const std::string& type, const protocol::error& error) {
    using protocol::error_code;
    const auto is = [&](error_code code) { return error.code == to_word(code); };
    if (is(error_code::unauthenticated) && type == protocol::sign_in::type)
        return "Wrong name or password.";
    if (is(error_code::conflict)) return "That name is taken. If it is yours, sign in.";
    if (is(error_code::forbidden) && type == protocol::sign_in_guest::type)
        return "This server does not accept guests from your network. Create an account.";
    if (is(error_code::forbidden)) return untrusted_origin(m);
    if (is(error_code::rate))
        return "Too many attempts. Try again in " +
               std::to_string((error.retry_ms.value_or(1'000) + 999) / 1'000) + " seconds.";
    if (is(error_code::busy)) return "Many people are signing in right now. Try again in a moment.";
    return sentence(error.message);
}

// Everything that the browser keeps for a person is under these.
std::vector<std::string> stored_prefixes(const std::string& user) {
    return {storage_prefix(user), draft_prefix(user), personal_key(user)};
}

// Shows the sign-in view. Nothing of the last person stays. After a sign-out on purpose, nothing
// stays in the browser's storage either, whichever tab stored it.
void leave(step& s) {
    model& m = s.model;
    if (m.signing_out) s.out.push_back(erase{stored_prefixes(m.me)});
    const bool connected = m.link != connection::offline;
    model fresh;
    fresh.at = stage::signed_out;
    fresh.guests = m.guests;
    fresh.origin = m.origin;
    fresh.tab = m.tab;
    // If the cookie of a new session did not come back, the browser does not keep cookies.
    fresh.cookies = m.cookies && (!m.session_is_new || m.signing_out);
    fresh.wished = m.wished;
    fresh.page_visible = m.page_visible;
    fresh.latest_alert.number = m.latest_alert.number;
    fresh.composer.number = m.composer.number + 1;
    m = std::move(fresh);
    if (connected) s.out.push_back(drop_connection{});
}

void enter_as(step& s, const std::string& user) {
    model& m = s.model;
    if (m.at == stage::signed_in && m.me == user) return;
    if (m.at == stage::signed_in) leave(s);
    m.at = stage::signed_in;
    m.me = user;
    m.lost_since_ms = s.now_ms;
    m.server = {};
    s.out.push_back(load{stored_prefixes(user)});
}

void on_failure(step& s, const std::string& type, const std::string& problem) {
    model& m = s.model;
    m.form = {.busy = false, .problem = problem};
    if (type != protocol::sign_out::type) return;
    m.signing_out = false;
    show_alert(s, "Signing out did not work: " + problem);
}

}  // namespace

void post_request(step& s, const protocol::account_request& request) {
    std::visit(
        [&](const auto& known) {
            using type = std::decay_t<decltype(known)>;
            if constexpr (!std::is_same_v<type, protocol::whoami>) s.model.form = {};
            if (const auto fault = protocol::validate(known)) {
                s.model.form.problem = problem_of(*fault);
                return;
            }
            if constexpr (!std::is_same_v<type, protocol::whoami>) s.model.form.busy = true;
            s.out.push_back(post{std::string(type::type), protocol::encode(known)});
        },
        request);
}

void on_posted(step& s, const inputs::posted& answer) {
    model& m = s.model;
    const bool is_whoami = answer.type == protocol::whoami::type;
    if (is_whoami)
        m.server.whoami_pending = false;
    else
        m.form = {};
    // It renewed the cookie. The open connection knows everything else.
    if (is_whoami && m.link == connection::online) return;
    const auto read = protocol::decode_notice(answer.body);
    const auto* notice = std::get_if<protocol::notice>(&read);
    const auto* error = notice ? std::get_if<protocol::error>(notice) : nullptr;
    const auto* ok = notice ? std::get_if<protocol::ok>(notice) : nullptr;
    if (!ok && is_whoami) return whoami_failed(s, answer.status, error);
    if (error) return on_failure(s, answer.type, problem_of(m, answer.type, *error));
    if (answer.body.empty())
        return on_failure(s, answer.type, "The server cannot be reached. Try again in a moment.");
    if (!ok) return on_failure(s, answer.type, "Something went wrong on the server. Try again.");
    whoami_answered(m.server);
    if (ok->guests) m.guests = *ok->guests;
    if (!ok->user || answer.type == protocol::sign_out::type) return leave(s);
    enter_as(s, *ok->user);
    m.renewal_due_ms = s.now_ms + renewal_interval_ms;
    if (!is_whoami) m.session_is_new = true;
}

}  // namespace parley::state
