// Signing in and out: what is asked over HTTP, and its answers.
#include "shared/protocol/codec.hpp"
#include "wasm-client/state/step.hpp"

#include <type_traits>

namespace parley::state {
namespace {

// What a form's fault means to the person in front of it.
std::string problem_of(const protocol::fault& fault) {
    if (fault.field == "user")
        return "A user name has 2 to 32 characters: a–z, 0–9, dot, dash and underscore.";
    if (fault.field == "password") return "A password has at least 8 characters.";
    return sentence(fault.message);
}

// What a refusal of a form means to the person in front of it.
std::string problem_of(const model& m, const std::string& type, const protocol::error& error) {
    using protocol::error_code;
    const auto is = [&](error_code code) { return error.code == to_word(code); };
    if (is(error_code::unauthenticated) && type == protocol::sign_in::type)
        return "Wrong name or password.";
    if (is(error_code::conflict)) return "That name is taken. Is it you? Then sign in.";
    if (is(error_code::forbidden) && type == protocol::sign_in_guest::type)
        return "This server takes no guests from where you are. Create an account.";
    if (is(error_code::forbidden)) return untrusted_origin(m);
    if (is(error_code::rate))
        return "Too many attempts. Try again in " +
               std::to_string((error.retry_ms.value_or(1'000) + 999) / 1'000) + " seconds.";
    if (is(error_code::busy)) return "Many people sign in right now. Try again in a moment.";
    return sentence(error.message);
}

// Nothing of the last person stays; on purpose, not even in the browser's storage, whichever tab
// stored it.
void leave_to_door(step& s) {
    model& m = s.model;
    if (m.signing_out) s.out.push_back(erase{{storage_prefix(m.me), draft_prefix(m.me)}});
    const bool connected = m.link != connection::offline;
    model fresh;
    fresh.at = stage::signed_out;
    fresh.guests = m.guests;
    fresh.origin = m.origin;
    // What was just given did not come back, unless it was handed back on purpose.
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
    if (m.at == stage::signed_in) leave_to_door(s);
    m.at = stage::signed_in;
    m.me = user;
    m.lost_since_ms = s.now_ms;
    m.server = {};
}

void on_failure(step& s, const std::string& type, const std::string& problem) {
    model& m = s.model;
    m.form = {false, problem};
    if (type != protocol::sign_out::type) return;
    m.signing_out = false;
    tell(s, "Signing out did not work: " + problem);
}

}  // namespace

void post_request(step& s, const protocol::account_request& request) {
    std::visit(
        [&](const auto& asked) {
            using type = std::decay_t<decltype(asked)>;
            if constexpr (!std::is_same_v<type, protocol::whoami>) s.model.form = {};
            if (const auto fault = protocol::validate(asked)) {
                s.model.form.problem = problem_of(*fault);
                return;
            }
            if constexpr (!std::is_same_v<type, protocol::whoami>) s.model.form.busy = true;
            s.out.push_back(post{std::string(type::type), protocol::encode(asked)});
        },
        request);
}

void on_posted(step& s, const inputs::posted& answer) {
    model& m = s.model;
    const bool asks_who = answer.type == protocol::whoami::type;
    if (asks_who)
        m.server.asked_whoami = false;
    else
        m.form = {};
    // It renewed the cookie; the open connection says all else.
    if (asks_who && m.link == connection::online) return;
    const auto read = protocol::decode_notice(answer.body);
    const auto* notice = std::get_if<protocol::notice>(&read);
    const auto* error = notice ? std::get_if<protocol::error>(notice) : nullptr;
    const auto* ok = notice ? std::get_if<protocol::ok>(notice) : nullptr;
    if (!ok && asks_who) return whoami_failed(s, answer.status, error);
    if (error) return on_failure(s, answer.type, problem_of(m, answer.type, *error));
    if (answer.body.empty())
        return on_failure(s, answer.type, "The server cannot be reached. Try again in a moment.");
    if (!ok) return on_failure(s, answer.type, "Something went wrong on the server. Try again.");
    whoami_answered(m.server);
    if (ok->guests) m.guests = *ok->guests;
    if (!ok->user || answer.type == protocol::sign_out::type) return leave_to_door(s);
    enter_as(s, *ok->user);
    m.renewal_due_ms = s.now_ms + renewal_interval_ms;
    if (!asks_who) m.session_is_new = true;
}

}  // namespace parley::state
