// A hashed name never changes its content and is kept for ever; a plain name is asked about each
// time (ETag, 304).
#include "server/http/static_files.hpp"

#include "server/http/negotiation.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

namespace parley::http {
namespace {

constexpr std::size_t disk_file_bytes_max = 16 * 1024 * 1024;
constexpr std::string_view for_ever = "public, max-age=31536000, immutable";

struct form {
    std::string_view bytes, coding, suffix;  // suffix: makes the ETag of each encoding its own
};

form form_of(const asset& file, encoding chosen) {
    if (chosen == encoding::br) return {file.br, "br", "-br"};
    if (chosen == encoding::gzip) return {file.gz, "gzip", "-gz"};
    return {file.plain, "", ""};
}

// Completes a 200, or turns it into a 304 when the client has it.
void finish(const request& asked, response& out, std::string_view tag) {
    const std::string etag = std::string(1, '"').append(tag).append(1, '"');
    out.set("ETag", etag);
    const auto known = asked.header("if-none-match");
    if (!known || !matches_any(*known, etag)) return;
    out.status = 304;
    out.body = {};
}

std::string content_tag(std::string_view bytes) {
    return std::to_string(std::hash<std::string_view>{}(bytes));
}

}  // namespace

std::string_view mime_type_of(std::string_view name) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 12> types{{
        {".html", "text/html; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".wasm", "application/wasm"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".webp", "image/webp"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".json", "application/json"},
        {".webmanifest", "application/manifest+json"},
        {".txt", "text/plain; charset=utf-8"},
    }};
    for (const auto& [extension, type] : types)
        if (name.ends_with(extension)) return type;
    return "application/octet-stream";
}

static_files::static_files(std::span<const asset> embedded,
                           std::optional<std::filesystem::path> directory)
    : directory_(std::move(directory)) {
    for (const asset& file : embedded) {
        by_name_.insert_or_assign(file.name, entry{&file, false});
        if (file.hashed != file.name) by_name_.insert_or_assign(file.hashed, entry{&file, true});
    }
}

std::optional<response> static_files::answer(const request& asked) const {
    const std::string_view path = asked.path();
    const std::string_view name = path == "/" ? "index.html" : path.substr(1);
    if (auto out = serve_from_disk(asked, name)) return out;
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) return std::nullopt;
    return serve(asked, found->second);
}

bool static_files::has(std::string_view name) const {
    return by_name_.contains(name) || find_on_disk(name);
}

response static_files::serve(const request& asked, const entry& found) const {
    const asset& file = *found.file;
    const auto chosen = negotiate(asked.header("accept-encoding").value_or(""),
                                  {!file.gz.empty(), !file.br.empty()});
    if (!chosen) return text_response(406);
    const form what = form_of(file, *chosen);
    response out{.body = what.bytes};
    out.set("Content-Type", mime_type_of(file.name));
    out.set("Cache-Control", found.kept_for_ever ? for_ever : "no-cache");
    out.set("Vary", "Accept-Encoding");
    if (!what.coding.empty()) out.set("Content-Encoding", what.coding);
    if (!file.links.empty()) out.set("Link", file.links);
    finish(asked, out, std::string(file.hash).append(what.suffix));
    return out;
}

// By comparing with what is there: no name that a peer sends ever reaches the file system. Names
// that begin with a dot are for programs (.git, .env, .htpasswd), not for people who visit.
std::optional<std::filesystem::path> static_files::find_on_disk(std::string_view name) const {
    if (!directory_ || name.starts_with('.')) return std::nullopt;
    std::error_code failed;
    for (auto one = std::filesystem::directory_iterator(*directory_, failed);
         !failed && one != end(one); one.increment(failed))
        if (one->path().filename() == name &&
            one->symlink_status(failed).type() == std::filesystem::file_type::regular)
            return one->path();
    return std::nullopt;
}

std::optional<response> static_files::serve_from_disk(const request& asked,
                                                      std::string_view name) const {
    const auto path = find_on_disk(name);
    std::error_code failed;
    if (!path || std::filesystem::file_size(*path, failed) > disk_file_bytes_max || failed)
        return std::nullopt;
    std::ifstream file(*path, std::ios::binary);
    using bytes = std::istreambuf_iterator<char>;
    response out{.owned = std::make_shared<const std::string>(bytes(file), bytes())};
    out.body = *out.owned;
    out.set("Content-Type", mime_type_of(name));
    out.set("Cache-Control", "no-cache");
    finish(asked, out, content_tag(out.body));
    return out;
}

}  // namespace parley::http
