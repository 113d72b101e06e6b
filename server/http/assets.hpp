// The files of the page as the build put them into the binary (embed_assets.mjs), each in up to
// three encodings.
#pragma once

#include <span>
#include <string_view>

namespace parley::http {

struct asset {
    std::string_view name;    // app.js
    std::string_view hashed;  // app.<hash>.js, cached for ever; for a page: its plain name
    std::string_view hash;    // of the content
    std::string_view links;   // value of the Link header: what the browser should fetch at once
    std::string_view plain, br, gz;  // empty: there is no such encoding
};

std::span<const asset> embedded_assets();

}  // namespace parley::http
