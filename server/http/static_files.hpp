// The files of the page: those in the binary, and during development those of a directory, which
// come first.
#pragma once

#include "server/http/assets.hpp"
#include "server/http/request.hpp"
#include "server/http/response.hpp"

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

namespace parley::http {

class static_files {
public:
    // `directory` is listed at each request: only regular files directly in it are served.
    static_files(std::span<const asset> embedded, std::optional<std::filesystem::path> directory);

    // The answer to a GET; nothing when there is no such file. `/` is index.html.
    std::optional<response> answer(const request& request) const;

    bool has(std::string_view name) const;

private:
    struct entry {
        const asset* file;
        bool kept_for_ever;
    };

    response serve(const request& request, const entry& hit) const;
    std::optional<std::filesystem::path> find_on_disk(std::string_view name) const;
    std::optional<response> serve_from_disk(const request& request, std::string_view name) const;

    std::unordered_map<std::string_view, entry> by_name_;
    std::optional<std::filesystem::path> directory_;
};

std::string_view mime_type_of(std::string_view name);

}  // namespace parley::http
