# Writes version.cpp, and beside it package_version.cmake and changelog.Debian, when the commit, its date or the number has changed since it was written. A script, run at each build:
#   cmake -DSOURCE=DIR -DVERSION=0.1.0 -DOUT=FILE -P version.cmake
function(ask_git result)
  execute_process(COMMAND git -C ${SOURCE} ${ARGN} OUTPUT_VARIABLE answer ERROR_QUIET RESULT_VARIABLE status
                  OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT status EQUAL 0)
    set(answer "")
  endif()
  set(${result} "${answer}" PARENT_SCOPE)
endfunction()

# Of this repository, not of one that happens to lie around a copy of the sources.
ask_git(inside ls-files --error-unmatch server/packaging/version.cmake)
if(inside)
  ask_git(commit describe --always --dirty --abbrev=12 --exclude=*)
  ask_git(seconds log -1 --format=%ct)
endif()
if(DEFINED ENV{SOURCE_DATE_EPOCH})
  set(seconds $ENV{SOURCE_DATE_EPOCH})
endif()
if(NOT commit)
  set(commit unknown)
endif()
set(date unknown)
set(package_version ${VERSION}-1)
set(mail_date "Thu, 01 Jan 1970 00:00:00 +0000")
if(seconds)
  set(ENV{SOURCE_DATE_EPOCH} ${seconds})
  string(TIMESTAMP date "%Y-%m-%d" UTC)
  string(TIMESTAMP moment "%Y%m%d.%H%M%S" UTC)
  string(REPLACE -dirty .dirty revision ${commit})
  set(package_version ${VERSION}+${moment}.${revision}-1)  # a later commit is an upgrade
  string(TIMESTAMP mail_date "%a, %d %b %Y %H:%M:%S +0000" UTC)
endif()

file(CONFIGURE OUTPUT ${OUT} @ONLY CONTENT [[// Written by server/packaging/version.cmake.
#include "server/config/version.hpp"

namespace parley::config {
constinit const std::string_view version_text = "@VERSION@ (commit @commit@, @date@)";
constinit const std::string_view version_commit = "@commit@";
}  // namespace parley::config
]])

cmake_path(REPLACE_FILENAME OUT package_version.cmake OUTPUT_VARIABLE for_package)
file(CONFIGURE OUTPUT ${for_package} @ONLY CONTENT [[# Written by server/packaging/version.cmake, for cpack.
set(CPACK_DEBIAN_PACKAGE_VERSION @package_version@)
set(ENV{SOURCE_DATE_EPOCH} "@seconds@")
]])
cmake_path(REPLACE_FILENAME OUT changelog.Debian OUTPUT_VARIABLE for_package)
file(CONFIGURE OUTPUT ${for_package} @ONLY CONTENT [[parley (@package_version@) unstable; urgency=medium

  * See changelog.gz.

 -- The Parley maintainers <parley@example.org>  @mail_date@
]])
