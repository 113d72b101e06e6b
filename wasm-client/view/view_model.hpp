// Shows the model to the page. Everything around the timeline is written whole when it changed.
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

    // The changes since the last call, as a JSON list of patches (patches.hpp).
    std::string flush(const state::model& model, const clock& clock);

private:
    template <class Write>
    void topic(json_writer& out, patch topic, Write write);

    timeline timeline_;
    std::map<std::string_view, std::string> last_values_;  // the last value of each topic
};

}  // namespace parley::view
