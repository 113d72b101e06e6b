// The test vectors: frames and what must come of them. The expectation of each case is reasoned
// from the declarations and from DESIGN's wire rules by the code that makes the frame; the codec
// has no part in it.
#pragma once

#include "shared/protocol/codec.hpp"
#include "tests/vectors/long_text.hpp"

#include <optional>
#include <string>
#include <vector>

namespace parley::vectors {

// Which decoder a frame is for. Bodies are told their type by the path of the HTTP request.
enum class input { request, notice, account_body, request_body };
std::string_view to_word(input input);

struct refusal {
    protocol::error_code code;
    std::string field;
    std::optional<std::uint64_t> id;
};

struct vector_case {
    std::string name;
    input set;
    std::string type;  // only for bodies
    long_text frame;
    std::optional<refusal> refused;        // absent: accepted
    std::optional<long_text> canonical{};  // of an accepted frame that is not canonical itself
};

std::vector<vector_case> field_cases();  // every field of every message
std::vector<vector_case> rule_cases();   // every alphabet at work
std::vector<vector_case> frame_cases();  // what concerns a frame as a whole

std::vector<vector_case> all_cases();

// tests/vectors/protocol.json
std::string vector_file();

}  // namespace parley::vectors
