# cmake -DSOURCE=<folder> -DHEADER=<file> -P commit.cmake: writes the commit of SOURCE, "-dirty" where it was changed
# since, into HEADER; leaves a header that says so already, so that nothing is compiled anew for it.
find_package(Git)
set(commit unknown)
if(Git_FOUND)
  execute_process(COMMAND ${GIT_EXECUTABLE} describe --always --dirty --abbrev=12 --exclude=* WORKING_DIRECTORY ${SOURCE}
                  OUTPUT_VARIABLE found OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(found)
    set(commit ${found})
  endif()
endif()
file(CONFIGURE OUTPUT ${HEADER} CONTENT "#pragma once\n#define BLINDBOOK_COMMIT \"@commit@\"\n" @ONLY)
