// The content of a hashed name never changes, so browsers keep it for ever. They revalidate a plain
// name each time (ETag, 304).
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
    std::string_view bytes, coding, suffix;  // suffix: each encoding has an ETag of its own
};

form form_of(const asset& file, encoding chosen) {
    if (chosen == encoding::br) return {file.br, "br", "-br"};
    if (chosen == encoding::gzip) return {file.gz, "gzip", "-gz"};
    return {file.plain, "", ""};
}

// Completes a 200, or turns it into a 304 when the client has the file.
void finish(const request& request, response& out, std::string_view tag) {
    const std::string etag = std::string(1, '"').append(tag).append(1, '"');
    out.set("ETag", etag);
    const auto known = request.header("if-none-match");
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

std::optional<response> static_files::answer(const request& request) const {
    const std::string_view path = request.path();
    const std::string_view name = path == "/" ? "index.html" : path.substr(1);
    if (auto out = serve_from_disk(request, name)) return out;
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) return std::nullopt;
    return serve(request, found->second);
}

bool static_files::has(std::string_view name) const {
    return by_name_.contains(name) || find_on_disk(name);
}

response static_files::serve(const request& request, const entry& hit) const {
    const asset& file = *hit.file;
    const auto chosen = negotiate(request.header("accept-encoding").value_or(""),
                                  {!file.gz.empty(), !file.br.empty()});
    if (!chosen) return text_response(406);
    const form form = form_of(file, *chosen);
    response out{.body = form.bytes};
    out.set("Content-Type", mime_type_of(file.name));
    out.set("Cache-Control", hit.kept_for_ever ? for_ever : "no-cache");
    out.set("Vary", "Accept-Encoding");
    if (!form.coding.empty()) out.set("Content-Encoding", form.coding);
    if (!file.links.empty()) out.set("Link", file.links);
    finish(request, out, std::string(file.hash).append(form.suffix));
    return out;
}

// Compares with the names in the directory, so that no name from a peer ever reaches the file
// system. Names that begin with a dot are for programs (.git, .env, .htpasswd), not for visitors.
std::optional<std::filesystem::path> static_files::find_on_disk(std::string_view name) const {
    if (!directory_ || name.starts_with('.')) return std::nullopt;
    std::error_code failed;
    for (auto file = std::filesystem::directory_iterator(*directory_, failed);
         !failed && file != end(file); file.increment(failed))
        if (file->path().filename() == name &&
            file->symlink_status(failed).type() == std::filesystem::file_type::regular)
            return file->path();
    return std::nullopt;
}

std::optional<response> static_files::serve_from_disk(const request& request,
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
    finish(request, out, content_tag(out.body));
    return out;
}

}  // namespace parley::http
