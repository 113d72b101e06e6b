// The version of this Parley, and the commit that it was built from.
#pragma once

#include <string_view>

namespace parley::config {

// "0.1.0 (commit 0123456789ab, 2026-11-26)". The date is SOURCE_DATE_EPOCH or the commit's, so that
// one commit gives one binary; "unknown" outside of git. server/packaging/version.cmake writes it
// at each build.
extern const std::string_view version_text;

// "0123456789ab", or "0123456789ab-dirty" when files have changed since; or "unknown".
extern const std::string_view version_commit;

}  // namespace parley::config
