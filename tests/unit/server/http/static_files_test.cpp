// The page: names, encodings, conditional requests, and a directory that nobody can climb out of.
#include "server/http/static_files.hpp"

#include "server/http/site.hpp"
#include "tests/unit/catch.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

using namespace parley::http;
namespace fs = std::filesystem;

namespace {

constexpr asset assets[]{
    {"index.html", "index.html", "h1", "<app.x.js>; rel=modulepreload", "plain page", "br page",
     "gz page"},
    {"app.js", "app.x.js", "h2", "", "plain app", "br app", "gz app"},
    {"parley.wasm", "parley.x.wasm", "h3", "", "plain wasm", "br wasm", ""},
};

request get(const std::string& target, const std::string& accept = "",
            const std::string& known = "") {
    request out{.method = "GET", .target = target};
    if (!accept.empty()) out.headers.emplace_back("accept-encoding", accept);
    if (!known.empty()) out.headers.emplace_back("if-none-match", known);
    return out;
}

std::string header(const response& of, std::string_view name) {
    for (const auto& [key, value] : of.headers)
        if (key == name) return value;
    return "";
}

site make_site(std::optional<fs::path> directory = {}, std::string trouble = "",
               std::string damage = "", bool is_checking = false) {
    return site({assets, std::move(directory)},
                {.trouble = [trouble] { return trouble; },
                 .damage = [damage] { return damage; },
                 .is_checking = [is_checking] { return is_checking; },
                 .stops = [] { return false; },
                 .metrics = [] { return std::string("metrics"); }},
                "/");
}

// A directory with a file, a link out of it, and a folder.
struct directory {
    fs::path path = fs::temp_directory_path() / ("parley-static-" + std::to_string(::getpid()));
    directory() {
        fs::create_directories(path / "public" / "folder");
        std::ofstream(path / "secret.txt") << "secret";
        std::ofstream(path / "public" / "app.js") << "from disk";
        std::ofstream(path / "public" / ".env") << "secret";
        fs::create_symlink(path / "secret.txt", path / "public" / "link.txt");
    }
    ~directory() { fs::remove_all(path); }
};

}  // namespace

TEST_CASE("/ is the page, with what it will need") {
    const auto page = make_site().answer(get("/"));
    CHECK(page.status == 200);
    CHECK(page.body == "plain page");
    CHECK(header(page, "Content-Type") == "text/html; charset=utf-8");
    CHECK(header(page, "Cache-Control") == "no-cache");
    CHECK(header(page, "Link") == "<app.x.js>; rel=modulepreload");
}

TEST_CASE("the encoding is negotiated, and each has its own ETag") {
    const site pages = make_site();
    const auto br = pages.answer(get("/app.js", "br, gzip")),
               gz = pages.answer(get("/app.js", "gzip"));
    CHECK(br.body == "br app");
    CHECK(header(br, "Content-Encoding") == "br");
    CHECK(header(br, "Vary") == "Accept-Encoding");
    CHECK(header(br, "ETag") == "\"h2-br\"");
    CHECK(header(gz, "ETag") == "\"h2-gz\"");
    CHECK(header(pages.answer(get("/app.js")), "ETag") == "\"h2\"");
    CHECK(header(pages.answer(get("/app.js")), "Vary") == "Accept-Encoding");
    CHECK(pages.answer(get("/parley.wasm", "gzip")).body == "plain wasm");
    CHECK(pages.answer(get("/app.js", "identity;q=0")).status == 406);
}

TEST_CASE("hashed names are kept for ever, plain names are revalidated") {
    const site pages = make_site();
    CHECK(header(pages.answer(get("/app.x.js")), "Cache-Control") ==
          "public, max-age=31536000, immutable");
    CHECK(header(pages.answer(get("/app.js")), "Cache-Control") == "no-cache");
    CHECK(header(pages.answer(get("/parley.x.wasm")), "Content-Type") == "application/wasm");
}

TEST_CASE("a file that the client has is not sent again") {
    const site pages = make_site();
    const auto same = pages.answer(get("/app.js", "br", "\"h2-br\""));
    CHECK(same.status == 304);
    CHECK(same.body.empty());
    CHECK(header(same, "ETag") == "\"h2-br\"");
    CHECK(header(same, "Vary") == "Accept-Encoding");
    CHECK(pages.answer(get("/app.js", "gzip", "\"h2-br\"")).status == 200);
}

TEST_CASE("GET and HEAD alone") {
    auto request = get("/");
    request.method = "HEAD";
    CHECK(make_site().answer(request).status == 200);
    for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS"}) {
        request.method = method;
        const auto refused = make_site().answer(request);
        CHECK(refused.status == 405);
        CHECK(header(refused, "Allow") == "GET, HEAD");
    }
}

TEST_CASE("a file that is not there is 404, however it is spelled") {
    for (const char* target : {"/nothing", "/app.js/", "//app.js", "/./app.js", "/%61pp.js",
                               "/APP.JS", "/index.html/.."})
        CHECK(make_site().answer(get(target)).status == 404);
}

TEST_CASE("health says what is wrong") {
    CHECK(make_site().answer(get("/healthz")).body == "ok\n");
    const auto sick = make_site({}, "the disk is full").answer(get("/healthz"));
    CHECK(sick.status == 503);
    CHECK(sick.body == "the disk is full\n");
    CHECK(make_site({}, "", "", true).answer(get("/healthz")).body ==
          "ok; all data is still being checked\n");
    const auto damaged = make_site({}, "", "the data is damaged");
    CHECK(damaged.answer(get("/healthz")).status == 503);
    CHECK(damaged.answer(get("/healthz")).body == "the data is damaged\n");
    CHECK(damaged.answer(get("/readyz")).status == 200);  // it serves what it can
    CHECK(make_site().answer(get("/readyz")).status == 200);
    CHECK(make_site({}, "the disk is full").answer(get("/readyz")).status == 503);
    auto metrics = get("/metrics");
    CHECK(make_site().answer(metrics).status == 403);
    metrics.peer_address = "127.0.0.1";
    metrics.headers.emplace_back("host", "localhost");
    CHECK(make_site().answer(metrics).body == "metrics");
}

TEST_CASE("an asterisk means the server as a whole") {
    auto request = get("*");
    request.method = "OPTIONS";
    const auto answer = make_site().answer(request);
    CHECK(answer.status == 204);
    CHECK(header(answer, "Allow") == "GET, HEAD, POST, OPTIONS");
}

TEST_CASE("a directory is served first, and nothing beside it") {
    const directory disk;
    const site pages = make_site(disk.path / "public");
    const auto file = pages.answer(get("/app.js"));
    CHECK(file.body == "from disk");
    CHECK(header(file, "Cache-Control") == "no-cache");
    CHECK(pages.answer(get("/app.js", "", header(file, "ETag"))).status == 304);
    CHECK(pages.answer(get("/parley.wasm")).body == "plain wasm");
    for (const char* target : {"/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt",
                               "/link.txt", "/.env", "/folder", "/.", "/..", "/folder/../app.js"})
        CHECK(pages.answer(get(target)).status == 404);
    const std::string absolute = "/" + (disk.path / "secret.txt").string();
    CHECK(pages.answer(get(absolute)).status == 404);
}
