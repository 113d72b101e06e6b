// The page that the patches draw: a list instead of the DOM of app.js.
#pragma once

#include "tests/unit/catch.hpp"
#include "tests/unit/wasm-client/state/driven_model.hpp"
#include "wasm-client/view/view_model.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace parley::view {

inline std::int64_t no_offset(std::uint64_t) { return 0; }

// The text that a row shows: every third of its parts.
inline std::string shown_text(const nlohmann::json& row) {
    std::string text;
    for (std::size_t i = 2; i < row.at("parts").size(); i += 3)
        text += row.at("parts").at(i).get<std::string>();
    return text;
}

struct drawn_page {
    view_model view;
    std::vector<nlohmann::json> rows;
    std::map<std::string, nlohmann::json> topics;
    std::vector<std::string> announced;
    std::string scrolled_to;
    std::size_t patches = 0;

    void draw(const state::driven_model& d) {
        scrolled_to.clear();
        const auto list = nlohmann::json::parse(view.flush(
            d.model, {.now_ms = d.now_ms, .date_ms = d.date_ms, .offset_ms = no_offset}));
        patches = list.size();
        for (const auto& patch : list) apply(patch);
    }
    std::vector<std::string> keys() const {
        std::vector<std::string> all;
        for (const auto& row : rows) all.push_back(row.at("key"));
        return all;
    }
    std::size_t count(const std::string& kind) const {
        return static_cast<std::size_t>(std::count_if(
            rows.begin(), rows.end(), [&](auto& row) { return row.at("kind") == kind; }));
    }

private:
    std::vector<nlohmann::json>::iterator find(const std::string& key) {
        return std::find_if(rows.begin(), rows.end(),
                            [&](auto& row) { return row.at("key") == key; });
    }
    void apply(const nlohmann::json& patch) {
        const std::string word = patch.at(0);
        if (word == "clear") {
            rows.clear();
        } else if (word == "insert") {
            REQUIRE(find(patch.at(2).at("key")) == rows.end());
            REQUIRE((patch.at(1) == "" || find(patch.at(1)) != rows.end()));
            rows.insert(find(patch.at(1)), patch.at(2));
        } else if (word == "update") {
            REQUIRE(find(patch.at(1).at("key")) != rows.end());
            *find(patch.at(1).at("key")) = patch.at(1);
        } else if (word == "remove") {
            REQUIRE(find(patch.at(1)) != rows.end());
            rows.erase(find(patch.at(1)));
        } else if (word == "scroll") {
            scrolled_to = patch.at(1);
        } else if (word == "announce") {
            announced.push_back(patch.at(1));
        } else {
            topics[word] = patch.at(1);
        }
    }
};

}  // namespace parley::view
