// Probes first: they answer even when the page is missing.
#include "server/http/site.hpp"

#include "server/http/base_path.hpp"

namespace parley::http {
namespace {

constexpr std::string_view page_without_client =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Parley</title>"
    "<h1>Parley</h1><p>The server runs, but it was built without the browser client. Build both "
    "with "
    "<code>make build</code> and start it again.</p></html>\n";

response page_of_missing_client() {
    response out{.body = page_without_client};
    out.set("Content-Type", "text/html; charset=utf-8");
    out.set("Cache-Control", "no-store");
    return out;
}

// OPTIONS *: RFC 9110, section 9.3.7.
response answer_of_whole_server() {
    response out{.status = 204};
    out.set("Allow", "GET, HEAD, POST, OPTIONS");
    return out;
}

response verdict(const std::string& trouble, std::string_view good) {
    return trouble.empty() ? text_response(200, good) : text_response(503, trouble);
}

}  // namespace

// Damage in old data is reported to the operator, but people can still talk: /readyz stays ready.
response site::health() const {
    const std::string trouble = state_.trouble();
    return verdict(trouble.empty() ? state_.damage() : trouble,
                   state_.is_checking() ? "ok; all data is still being checked" : "ok");
}

std::optional<response> site::probe(const request& request) const {
    const std::string_view path = request.path();
    if (path == "/healthz") return health();
    if (path == "/readyz")
        return verdict(state_.stops() ? "the server stops" : state_.trouble(), "ready");
    if (path != "/metrics") return std::nullopt;
    if (auto refused = metrics_.find_refusal(request)) return refused;
    response out{.owned = std::make_shared<const std::string>(state_.metrics())};
    out.body = *out.owned;
    out.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    out.set("Cache-Control", "no-store");
    return out;
}

response site::answer(const request& request) const {
    if (request.target == "*") return answer_of_whole_server();
    const std::string_view path = request.path();
    std::optional<response> out = probe(request);
    if (!out && path == "/" && !files_.has("parley.wasm")) out = page_of_missing_client();
    if (!out) out = redirect_to_base(request, base_path_);
    if (!out) out = files_.answer(request);
    if (!out) return text_response(404, "there is nothing here");
    if (request.method != "GET" && request.method != "HEAD") {
        response refused = text_response(405);
        refused.set("Allow", "GET, HEAD");
        return refused;
    }
    return std::move(*out);
}

}  // namespace parley::http
