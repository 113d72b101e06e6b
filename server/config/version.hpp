// Which Parley this is: its number, and where it was built from.
#pragma once

#include <string_view>

namespace parley::config {

// "0.1.0 (commit 0123456789ab, 2026-11-26)": the date is SOURCE_DATE_EPOCH's, or the commit's, so
// that one commit gives one binary; "unknown" for what was built outside of git. Written by
// server/packaging/version.cmake at each build.
extern const std::string_view version_text;

// "0123456789ab", with "-dirty" behind it when files were changed since; or "unknown".
extern const std::string_view version_commit;

}  // namespace parley::config
