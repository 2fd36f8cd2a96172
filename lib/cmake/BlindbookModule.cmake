# blindbook_module(<name> SOURCES <file>.. HEADERS <file>.. [NEEDS <module or target>..] [LINK <imported target>..])
#
# One module of the house = one folder, one OBJECT library `blindbook_<name>`. NEEDS names the modules it stands on
# (arrows point down only; tests/tools/check_include_graph.py holds the includes against it), LINK the outside
# libraries it uses. The include path equals the path in the source tree.
include(GNUInstallDirs)

add_library(blindbook_build_options INTERFACE)
target_compile_features(blindbook_build_options INTERFACE cxx_std_20)
target_compile_options(blindbook_build_options INTERFACE -Wall -Wextra -Wconversion -Wshadow -Wpedantic)
if(BLINDBOOK_WARNINGS_AS_ERRORS)
  target_compile_options(blindbook_build_options INTERFACE -Werror)
endif()
# A designated initializer may leave defaulted members out; both compilers warn all the same.
target_compile_options(blindbook_build_options INTERFACE -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # g++ 12 sees overlapping copies inside std::string's operator+ (GCC bug 105329).
  target_compile_options(blindbook_build_options INTERFACE -Wno-restrict)
endif()
if(BLINDBOOK_SANITIZE STREQUAL "address" OR BLINDBOOK_SANITIZE STREQUAL "fuzzer")
  # -fno-sanitize=function: Beast's coroutines do not link with it; -g1 keeps these builds small.
  target_compile_options(blindbook_build_options INTERFACE -fsanitize=address,undefined -fno-sanitize=function
                         -fno-sanitize-recover=all -fno-omit-frame-pointer -g1)
  target_link_options(blindbook_build_options INTERFACE -fsanitize=address,undefined)
  if(BLINDBOOK_SANITIZE STREQUAL "fuzzer")
    target_compile_options(blindbook_build_options INTERFACE -fsanitize=fuzzer-no-link)
  endif()
elseif(BLINDBOOK_SANITIZE STREQUAL "thread")
  target_compile_options(blindbook_build_options INTERFACE -fsanitize=thread -fno-omit-frame-pointer -g1)
  target_link_options(blindbook_build_options INTERFACE -fsanitize=thread)
elseif(BLINDBOOK_SANITIZE)
  message(FATAL_ERROR "BLINDBOOK_SANITIZE is '${BLINDBOOK_SANITIZE}': address, thread or fuzzer")
endif()

# blindbook_waits(<target>): its code waits for disks, networks and people. Sanitizers see as much of it unoptimised, in
# half the time to compile.
function(blindbook_waits target)
  if(BLINDBOOK_SANITIZE)
    target_compile_options(${target} PRIVATE -O0)
  endif()
endfunction()

# blindbook_prelude(<target>): under sanitizers, parses once what nearly all of its sources include. A cache of compilers
# saves more, and has no use for preludes. Every other build notices an include that is missing.
function(blindbook_prelude target)
  if(BLINDBOOK_SANITIZE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    target_precompile_headers(${target} PRIVATE <algorithm> <chrono> <filesystem> <functional> <map> <memory> <optional>
      <span> <sstream> <string> <string_view> <unordered_map> <utility> <vector> <tl/expected.hpp> <nlohmann/json.hpp>)
  endif()
endfunction()

function(blindbook_module name)
  cmake_parse_arguments(PARSE_ARGV 1 module "" "" "SOURCES;HEADERS;NEEDS;LINK")
  set(target blindbook_${name})
  add_library(${target} OBJECT ${module_SOURCES} ${module_HEADERS})
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/lib>
                                              $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/protocol>)
  target_link_libraries(${target} PRIVATE blindbook_build_options)
  target_compile_features(${target} PUBLIC cxx_std_20)
  foreach(need IN LISTS module_NEEDS)
    target_link_libraries(${target} PUBLIC blindbook_${need})
  endforeach()
  target_link_libraries(${target} PUBLIC ${module_LINK})
  set_property(GLOBAL APPEND PROPERTY BLINDBOOK_MODULES ${name})
  set_property(GLOBAL PROPERTY BLINDBOOK_NEEDS_${name} "${module_NEEDS}")
  set_property(GLOBAL PROPERTY BLINDBOOK_HEADERS_${name} "${module_HEADERS}")
  set_property(GLOBAL PROPERTY BLINDBOOK_FOLDER_${name} ${CMAKE_CURRENT_SOURCE_DIR})
endfunction()

# blindbook_component(<component> MODULES <module>.. [NEEDS <component>..] [LINK <imported target>..] [PRIVATE_LINK <target>..])
#
# A component is what find_package(blindbook COMPONENTS ..) names: library `blindbook_<component>_lib`, alias
# `blindbook::<component>`, made of whole modules.
function(blindbook_component component)
  cmake_parse_arguments(PARSE_ARGV 1 part "" "" "MODULES;NEEDS;LINK;PRIVATE_LINK")
  set(target blindbook_${component}_component)
  set(objects)
  foreach(module IN LISTS part_MODULES)
    list(APPEND objects $<TARGET_OBJECTS:blindbook_${module}>)
  endforeach()
  add_library(${target} ${objects})
  set_target_properties(${target} PROPERTIES
    OUTPUT_NAME blindbook-${component} EXPORT_NAME ${component} LINKER_LANGUAGE CXX
    VERSION ${PROJECT_VERSION} SOVERSION 0)
  target_include_directories(${target} INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/lib>
                                                 $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/protocol>
                                                 $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_compile_features(${target} PUBLIC cxx_std_20)
  foreach(need IN LISTS part_NEEDS)
    target_link_libraries(${target} PUBLIC blindbook_${need}_component)
  endforeach()
  target_link_libraries(${target} PUBLIC ${part_LINK} PRIVATE $<BUILD_INTERFACE:blindbook_build_options>)
  target_link_libraries(${target} PRIVATE ${part_PRIVATE_LINK})
  add_library(blindbook::${component} ALIAS ${target})
  set_property(GLOBAL APPEND PROPERTY BLINDBOOK_COMPONENTS ${component})
  set_property(GLOBAL PROPERTY BLINDBOOK_COMPONENT_MODULES_${component} "${part_MODULES}")
  set_property(GLOBAL PROPERTY BLINDBOOK_COMPONENT_NEEDS_${component} "${part_NEEDS}")
endfunction()
