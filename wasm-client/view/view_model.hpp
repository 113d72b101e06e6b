// The model as the page shows it: everything around the timeline is written whole when it changed.
#pragma once

#include "wasm-client/view/timeline.hpp"

#include <map>
#include <string>
#include <string_view>

namespace parley::view {

class view_model {
public:
    timeline& rows() { return timeline_; }
    const timeline& rows() const { return timeline_; }

    // What changed since the last time: a JSON list of patches, each a list that begins with its
    // word. Beside the patches of the timeline: [topic, value], the topics being those of the
    // functions in view_model.cpp.
    std::string flush(const state::model& model, const clock& clock);

private:
    template <class Write>
    void topic(json_writer& out, std::string_view name, Write write);

    timeline timeline_;
    std::map<std::string_view, std::string> told_;  // the last value of each topic
};

}  // namespace parley::view
