// Joins state, view, transport and page. Timers and chance come in here, so that the state stays
// pure.
#include "wasm-client/client.hpp"

#include "wasm-client/bindings/page.hpp"

#include <emscripten/eventloop.h>
#include <emscripten/html5.h>
#include <utility>

namespace parley {
namespace {

constexpr std::uint16_t no_close_frame = 1006;  // RFC 6455, section 7.1.5

void opened() { the_client().dispatch(state::inputs::opened{}); }
void received(std::string frame) {
    the_client().dispatch(state::inputs::received{std::move(frame)});
}
void closed(std::uint16_t code) { the_client().dispatch(state::inputs::closed{code}); }

template <class Function>
long set_timer(std::uint64_t delay_ms, void* owner, Function function) {
    return emscripten_set_timeout(function, static_cast<double>(delay_ms), owner);
}

void stop_timer(long& timer) {
    if (timer != 0) emscripten_clear_timeout(std::exchange(timer, 0));
}

// wss://chat.example.org/ws -> https://chat.example.org
std::string origin_of(const std::string& socket_url) {
    const std::size_t host = socket_url.find("//") + 2;
    return "http" + socket_url.substr(2, socket_url.find('/', host) - 2);
}

}  // namespace

client::client() : socket_({.opened = opened, .received = received, .closed = closed}) {}

void client::start(std::string socket_url, std::string wished_room) {
    url_ = std::move(socket_url);
    dispatch(state::inputs::started{
        .wished_room = std::move(wished_room),
        .origin = origin_of(url_),
        .at = {.random = bindings::random_bits(), .date_ms = bindings::date_ms()}});
}

void client::dispatch(const state::input& input) {
    for (const state::effect& effect : state::reduce(model_, input, bindings::now_ms()))
        std::visit([this](const auto& known) { carry_out(known); }, effect);
    if (model_.link == state::connection::online) reconnect_.succeeded();
    keep_trying();
    wake_at_deadline();
    bindings::page_flush_soon();
}

void client::carry_out(const state::send_frame& effect) { socket_.send(effect.frame); }

void client::carry_out(const state::post& effect) { bindings::page_post(effect.type, effect.body); }

void client::carry_out(const state::store& effect) {
    bindings::page_store(effect.key, effect.value);
}

void client::carry_out(const state::erase& effect) {
    for (const std::string& prefix : effect.prefixes) bindings::page_erase(prefix);
}

void client::carry_out(const state::load& effect) {
    state::inputs::restored restored;
    for (const std::string& prefix : effect.prefixes)
        for (const std::string& key : bindings::page_keys(prefix))
            restored.values[key] = bindings::page_value(key);
    dispatch(restored);
}

void client::carry_out(const state::drop_connection&) {
    if (socket_.idle()) return;
    socket_.close();
    dispatch(state::inputs::closed{no_close_frame});
}

void client::keep_trying() {
    if (!state::wants_connection(model_)) first_attempt_ = true;
    if (state::next_attempt(model_) == state::attempt::none) return stop_timer(reconnect_timer_);
    if (reconnect_timer_ != 0) return;
    if (model_.at == state::stage::signed_in && std::exchange(first_attempt_, false))
        return try_now();
    if (model_.server.try_at_once) return try_now();
    const auto random = static_cast<std::uint32_t>(bindings::random_bits());
    const std::uint64_t delay_ms = reconnect_.next_delay_ms(
        random, model_.come_back_after_ms, state::longest_wait_ms(model_, bindings::now_ms()));
    reconnect_timer_ = set_timer(delay_ms, this, [](void* self) {
        static_cast<client*>(self)->reconnect_timer_ = 0;
        static_cast<client*>(self)->try_now();
    });
    dispatch(state::inputs::waits{delay_ms});
}

void client::try_now() {
    switch (state::next_attempt(model_)) {
        case state::attempt::none: return;
        case state::attempt::whoami: return dispatch(state::inputs::try_whoami{});
        case state::attempt::connect: return connect();
    }
}

void client::connect() {
    if (!socket_.idle()) return;
    if (socket_.open(url_))
        dispatch(state::inputs::connecting{});
    else
        dispatch(state::inputs::closed{no_close_frame});
}

void client::come_back() {
    stop_timer(reconnect_timer_);
    try_now();
    dispatch(state::inputs::probe{});
}

void client::wake_at_deadline() {
    stop_timer(deadline_timer_);
    const std::uint64_t now_ms = bindings::now_ms();
    const auto deadline_ms = state::next_deadline(model_, now_ms);
    if (!deadline_ms) return;
    deadline_timer_ = set_timer(*deadline_ms - now_ms, this, [](void* self) {
        static_cast<client*>(self)->deadline_timer_ = 0;
        static_cast<client*>(self)->dispatch(state::inputs::tick{});
    });
}

const char* client::flush() {
    patches_ = view_.flush(model_, {.now_ms = bindings::now_ms(),
                                    .date_ms = bindings::date_ms(),
                                    .offset_ms = bindings::local_offset_ms});
    return patches_.c_str();
}

void client::look() {
    const bool stands = view_.rows().positioned(model_);
    const state::inputs::look now{.page_visible = visible_,
                                  .at_end = view_.rows().at_end(model_),
                                  .seen = stands ? seen_ : 0};
    if (now.page_visible != model_.page_visible || now.at_end != model_.at_end ||
        now.seen != model_.seen)
        dispatch(now);
}

void client::scrolled(double above_px, double below_px, double height_px, double moved_px,
                      std::uint64_t seen) {
    seen_ = seen;
    view_.rows().scrolled(above_px, below_px, height_px, moved_px);
    look();
    if (const auto seq = view_.rows().wants_older(model_)) dispatch(state::inputs::load_older{seq});
    if (const auto seq = view_.rows().wants_newer(model_)) dispatch(state::inputs::load_newer{seq});
    bindings::page_flush_soon();
}

void client::page_visible(bool visible) {
    visible_ = visible;
    look();
}

void client::jump_to_latest() {
    view_.rows().jump_to_latest();
    look();
    bindings::page_flush_soon();
}

bool client::send(const char* room, const char* text) {
    const std::uint64_t accepted_before = model_.accepted;
    const bool edits = model_.editor.has_value();
    dispatch(state::inputs::send{.room = room,
                                 .text = text,
                                 .random = bindings::random_bits(),
                                 .date_ms = bindings::date_ms()});
    if (model_.accepted == accepted_before) return false;
    if (!edits) jump_to_latest();
    return !edits;
}

}  // namespace parley
