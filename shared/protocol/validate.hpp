// Words the faults that decoding and validation report.
#pragma once

#include "shared/protocol/codec.hpp"

namespace parley::protocol {

// `path` may come from a peer: it is cut to 128 bytes and freed of controls. REQUIRES:
// is_utf8(path).
fault bad_field(std::string path, std::string_view complaint);
fault beyond_rule(std::string path, const rule& rule);
fault too_many(std::string path, std::size_t elements_max);
std::string element_path(std::string_view name, std::size_t index);

}  // namespace parley::protocol
