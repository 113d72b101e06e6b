# Writes version.cpp when the commit, its date or the number has changed since it was written. A script, run at each build:
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
if(seconds)
  set(ENV{SOURCE_DATE_EPOCH} ${seconds})
  string(TIMESTAMP date "%Y-%m-%d" UTC)
endif()

file(CONFIGURE OUTPUT ${OUT} @ONLY CONTENT [[// Written by server/packaging/version.cmake.
#include "server/config/version.hpp"

namespace parley::config {
constinit const std::string_view version_text = "@VERSION@ (commit @commit@, @date@)";
constinit const std::string_view version_commit = "@commit@";
}  // namespace parley::config
]])
