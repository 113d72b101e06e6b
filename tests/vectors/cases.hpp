// The test vectors: frames, each with the result that the codec must give. The code that writes a
// frame derives the result from the declarations and the rules of PROTOCOL.md, without the codec.
#pragma once

#include "shared/protocol/codec.hpp"
#include "tests/vectors/long_text.hpp"

#include <optional>
#include <string>
#include <vector>

namespace parley::vectors {

// The decoder that a frame is for. The type of a body stands in the path of the HTTP request.
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
std::vector<vector_case> frame_cases();  // the frame as a whole

std::vector<vector_case> all_cases();

// tests/vectors/protocol.json
std::string vector_file();

}  // namespace parley::vectors
