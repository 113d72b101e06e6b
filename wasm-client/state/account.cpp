// Signing in and out: what is asked over HTTP, and its answers.
#include "shared/protocol/codec.hpp"
#include "wasm-client/state/step.hpp"

#include <type_traits>

namespace parley::state {
namespace {

constexpr std::uint64_t ask_again_after_ms = 2'000;

// What a form's fault means to the person in front of it.
std::string problem_of(const protocol::fault& fault) {
    if (fault.field == "user")
        return "A user name has 2 to 32 characters: a–z, 0–9, dot, dash and underscore.";
    if (fault.field == "password") return "A password has at least 8 characters.";
    return fault.message;
}

// Nothing of the last person stays; on purpose, not even in the browser's storage.
void leave_to_door(step& s) {
    model& m = s.model;
    while (m.signing_out && !m.unsent.messages().empty())
        erase_unsent(s, std::string(m.unsent.messages().front().nonce));
    const bool connected = m.link != connection::offline;
    model fresh;
    fresh.at = stage::signed_out;
    fresh.guests = m.guests;
    fresh.wished = m.wished;
    fresh.page_visible = m.page_visible;
    fresh.latest_alert = m.latest_alert;
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
    m.ask_again_ms.reset();
}

void on_failure(step& s, const std::string& type, const std::string& problem) {
    model& m = s.model;
    if (type != protocol::whoami::type)
        m.form = {false, problem};
    else if (m.at == stage::loading)
        m.ask_again_ms = s.now_ms + ask_again_after_ms;
    if (type != protocol::sign_out::type) return;
    m.signing_out = false;
    tell(s, "Signing out did not work: " + problem);
}

}  // namespace

void post_request(step& s, const protocol::account_request& request) {
    std::visit(
        [&](const auto& asked) {
            using type = std::decay_t<decltype(asked)>;
            s.model.form = {};
            if (const auto fault = protocol::validate(asked)) {
                s.model.form.problem = problem_of(*fault);
                return;
            }
            s.model.form.busy = !std::is_same_v<type, protocol::whoami>;
            s.out.push_back(post{std::string(type::type), protocol::encode(asked)});
        },
        request);
}

void on_posted(step& s, const inputs::posted& answer) {
    model& m = s.model;
    m.form = {};
    if (answer.body.empty())
        return on_failure(s, answer.type, "The server cannot be reached. Try again in a moment.");
    const auto read = protocol::decode_notice(answer.body);
    const auto* notice = std::get_if<protocol::notice>(&read);
    if (!notice)
        return on_failure(s, answer.type, "The server gave an answer that makes no sense.");
    if (const auto* error = std::get_if<protocol::error>(notice))
        return on_failure(s, answer.type, error->message);
    const auto* ok = std::get_if<protocol::ok>(notice);
    if (!ok) return;
    if (ok->guests) m.guests = *ok->guests;
    if (ok->user && answer.type != protocol::sign_out::type) return enter_as(s, *ok->user);
    leave_to_door(s);
}

}  // namespace parley::state
