// The files of the page: those in the binary, and while developing those of a directory before
// them.
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
    // `directory` is listed at each request: only plain files that it holds are served, never a
    // path.
    static_files(std::span<const asset> embedded, std::optional<std::filesystem::path> directory);

    // To a GET; nothing when there is no such file. `/` is index.html.
    std::optional<response> answer(const request& asked) const;

    bool has(std::string_view name) const;

private:
    struct entry {
        const asset* file;
        bool kept_for_ever;
    };

    response serve(const request& asked, const entry& found) const;
    std::optional<std::filesystem::path> find_on_disk(std::string_view name) const;
    std::optional<response> serve_from_disk(const request& asked, std::string_view name) const;

    std::unordered_map<std::string_view, entry> by_name_;
    std::optional<std::filesystem::path> directory_;
};

std::string_view mime_type_of(std::string_view name);

}  // namespace parley::http
