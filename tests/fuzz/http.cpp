// Any bytes as the head of a request, through what the server does with one (net/http_session): our
// rules, Beast's parser, then the site, handshakes, tokens, proxies. What our rules let pass, Beast
// must read as a simple reader does: two readings of one stream are how requests are smuggled.
#include "server/base/address.hpp"
#include "server/http/credentials.hpp"
#include "server/http/deflate_offer.hpp"
#include "server/http/forwarding.hpp"
#include "server/http/head_rules.hpp"
#include "server/http/negotiation.hpp"
#include "server/http/origin.hpp"
#include "server/http/site.hpp"
#include "server/http/target.hpp"
#include "server/http/tokens.hpp"
#include "server/http/upgrade.hpp"
#include "shared/protocol/vocabulary.hpp"
#include "tests/fuzz/promise.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

using namespace parley;
using fuzz::promise;

namespace {

using parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
using field_map =
    std::map<std::string, std::vector<std::string>>;  // names in lower case; values in their order

const std::vector<std::string> trusted{"https://chat.example"};

constexpr http::asset assets[]{
    {"index.html", "index.html", "h1", "<app.x.js>; rel=modulepreload", "plain page", "br page",
     "gz page"},
    {"app.js", "app.x.js", "h2", "", "plain app", "br app", "gz app"},
    {"parley.wasm", "parley.x.wasm", "h3", "", "plain wasm", "br wasm", ""},
};

const http::site& pages() {
    static const http::site all({assets, {}},
                                {.trouble = [] { return std::string(); },
                                 .damage = [] { return std::string(); },
                                 .is_checking = [] { return false; },
                                 .stops = [] { return false; },
                                 .metrics = [] { return std::string("parley_up 1\n"); }},
                                "/");
    return all;
}

// REQUIRES: our rules let the head pass.
field_map read_simply(std::string_view head) {
    field_map fields;
    head.remove_prefix(head.find("\r\n") + 2);
    while (!head.starts_with("\r\n")) {
        const std::string_view line = head.substr(0, head.find("\r\n"));
        const auto colon = line.find(':');
        fields[http::to_lower(line.substr(0, colon))].emplace_back(
            http::trim(line.substr(colon + 1)));
        head.remove_prefix(line.size() + 2);
    }
    return fields;
}

void compare(std::string_view head, const parser& read) {
    const auto fields = read_simply(head);
    field_map beast;
    for (const auto& field : read.get())
        beast[http::to_lower(field.name_string())].emplace_back(field.value());
    promise(beast == fields, "Beast reads the fields that are there");
    const std::string line = std::string(read.get().method_string()) + " " +
                             std::string(read.get().target()) +
                             (read.get().version() == 11 ? " HTTP/1.1\r\n" : " HTTP/1.0\r\n");
    promise(head.starts_with(line), "Beast reads the request line that is there");
    const auto length = fields.find("content-length");
    promise(read.chunked() == fields.contains("transfer-encoding"),
            "both agree whether a body is chunked");
    promise(read.chunked() || length == fields.end() ||
                read.content_length().value() == std::stoull(length->second.front()),
            "both agree on the length of a body");
}

std::optional<http::request> parse(std::string_view head) {
    parser read;
    read.header_limit(http::head_bytes_max + 1);
    read.body_limit(http::body_bytes_max);
    boost::system::error_code error;
    read.put(boost::asio::buffer(head), error);
    if (error || !read.is_header_done()) return std::nullopt;
    compare(head, read);
    const auto target = http::parse_target(read.get().method_string(), read.get().target());
    promise(target.has_value(), "a target that our rules let pass is one");
    http::request out{.method = std::string(read.get().method_string()),
                      .target = target->path,
                      .peer_address = "127.0.0.1"};
    out.version = static_cast<int>(read.get().version());
    for (const auto& field : read.get())
        out.headers.emplace_back(http::to_lower(field.name_string()), std::string(field.value()));
    if (!target->authority.empty()) out.set_header("host", target->authority);
    out.remote_address = http::client_address(out);
    return out;
}

void check_response(const http::response& out, bool keep_alive) {
    const std::string bytes = http::serialize_head(out, keep_alive);
    promise(bytes.find("\r\n\r\n") == bytes.size() - 4, "an answer's head ends once");
    promise(std::none_of(
                bytes.begin(), bytes.end(),
                [](char c) { return (c >= 0 && c < ' ' && c != '\r' && c != '\n') || c == 0x7F; }),
            "an answer's head holds no control");
    promise(std::count(bytes.begin(), bytes.end(), '\n') ==
                std::count(bytes.begin(), bytes.end(), '\r'),
            "an answer's lines end as lines do");
    promise(http::reason_of(out.status) != "Unknown", "every status has a name");
    promise((out.status != 304 && out.status != 204) || out.body.empty(),
            "no body where none may be");
}

void check_upgrade(const http::request& asked) {
    const auto plan = http::plan_upgrade(asked, trusted);
    if (const auto* refused = std::get_if<http::response>(&plan))
        return check_response(*refused, false);
    const auto& wanted = std::get<http::upgrade>(plan);
    promise(wanted.key.size() == 24, "a handshake has a key");
    promise(http::is_trusted(asked, trusted), "a handshake comes from a trusted origin");
    if (wanted.kind == http::wire_kind::echo) return;
    promise(protocol::obeys(protocol::room_name, wanted.room), "a handshake names a room");
    promise(!wanted.name || protocol::obeys(protocol::person_name, *wanted.name),
            "a guest's name is one");
}

void check_request(const http::request& asked) {
    const http::response page = pages().answer(asked);
    check_response(page, true);
    promise(page.status != 405 || (asked.method != "GET" && asked.method != "HEAD"),
            "what is read may be read");
    if (http::is_upgrade_path(asked.path())) check_upgrade(asked);
    const std::string extension = http::answer_deflate_offers(asked);
    promise(extension.empty() || extension.starts_with("permessage-deflate"),
            "no other extension is agreed to");
    const std::string token = http::token_of(asked, {.port = 8080});
    promise(!asked.header("authorization") || http::trim(token) == token,
            "a token has no space around it");
    promise(token.empty() || asked.header("authorization") || asked.header("cookie"),
            "a token is sent");
    promise(!http::takes_guests(http::guest_policy::off, asked), "no guests where they are off");
    promise(!http::takes_guests(http::guest_policy::direct, asked) || !http::was_forwarded(asked),
            "no guests through a proxy unasked");
    promise(!http::takes_guests(http::guest_policy::direct, asked) || asked.version == 11,
            "no guests in HTTP/1.0 unasked");
    const std::string client = http::client_address(asked);
    promise(http::is_from_here(asked) == base::is_loopback(client),
            "no proxy makes anybody this machine");
    promise(client == http::nobody || base::normal_address(client) == client,
            "a client has an address, or none");
    promise(!http::was_forwarded(asked) || !http::is_from_here(asked),
            "what passed a proxy is not from here");
}

// What stands in a chunk's line besides its size. Beast takes more than our rules let pass.
void check_chunked_body(std::string_view head, std::string_view body) {
    parser read;
    read.body_limit(http::body_bytes_max);
    auto check = [](std::uint64_t, std::string_view extensions, boost::system::error_code& error) {
        if (!http::are_chunk_extensions(extensions))
            error = boost::beast::http::error::bad_chunk_extension;
        else
            promise(
                extensions.find_first_of(std::string_view("\0\r\n", 3)) == std::string_view::npos,
                "a chunk's line ends once");
    };
    read.on_chunk_header(check);
    boost::system::error_code error;
    read.put(boost::asio::buffer(head), error);
    while (!error && !read.is_done() && !body.empty()) {
        const std::size_t taken = read.put(boost::asio::buffer(body), error);
        promise(error || taken > 0, "a body is read on");
        body.remove_prefix(taken);
    }
    promise(!read.is_done() || read.get().body().size() <= http::body_bytes_max,
            "a body keeps within its bound");
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const char c : text) {
        out += '%';
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[static_cast<unsigned char>(c) & 15];
    }
    return out;
}

// Values as a header may hold them; the parser is not in the way here.
void check_values(std::string_view bytes) {
    const auto chosen = http::negotiate(bytes, {true, false});
    promise(chosen != http::encoding::br, "what is not there is not chosen");
    http::matches_any(bytes, "\"h1\"");
    promise(http::matches_any(std::string(bytes) + ",\"h1\"", "\"h1\""),
            "a tag is found at the end of a list");
    promise(http::percent_decoded(percent_encoded(bytes)) == std::string(bytes),
            "an escape is undone");
    const auto found = http::query_parameter(
        "/ws?" + percent_encoded(bytes) + "=" + percent_encoded(bytes), bytes);
    promise(found.present && !found.broken && found.value == bytes, "a parameter is found");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    check_values(bytes);
    const auto end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos) return 0;
    const std::string_view head = bytes.substr(0, end + 4);
    if (const auto breach = http::find_breach(head))
        check_response(http::text_response(breach->status, breach->complaint), false);
    else if (const auto asked = parse(head)) {
        check_request(*asked);
        if (asked->header("transfer-encoding")) check_chunked_body(head, bytes.substr(end + 4));
    }
    return 0;
}
