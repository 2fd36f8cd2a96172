# cmake --install: the headers and library of each component, the C ABI, the program, packages of other languages, and the
# package that find_package(blindbook COMPONENTS ..) reads. Each component is an export set of its own, so that one that
# nobody asks for brings no dependency. Modules are no part of it: they are objects inside their component.
#
# Every rule says which part of an installation it belongs to (`cmake --install DIR --component PART`), as Debian's packages
# do: library (libblindbook.so.0), development, program, python, documents.
include(CMakePackageConfigHelpers)

set(BLINDBOOK_INSTALL_PYTHONDIR lib/python3/dist-packages CACHE STRING "Where Python looks for packages; relative to the prefix")

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/blindbook)
get_property(components GLOBAL PROPERTY BLINDBOOK_COMPONENTS)

set(component_needs)
foreach(component IN LISTS components)
  set(target blindbook_${component}_component)
  # Installed libraries find each other where they lie.
  set_target_properties(${target} PROPERTIES INSTALL_RPATH "$ORIGIN")
  install(TARGETS ${target} EXPORT blindbook-${component} COMPONENT development)
  install(EXPORT blindbook-${component} NAMESPACE blindbook:: DESTINATION ${package_folder} COMPONENT development)

  get_property(modules GLOBAL PROPERTY BLINDBOOK_COMPONENT_MODULES_${component})
  foreach(module IN LISTS modules)
    get_property(folder GLOBAL PROPERTY BLINDBOOK_FOLDER_${module})
    get_property(headers GLOBAL PROPERTY BLINDBOOK_HEADERS_${module})
    foreach(header IN LISTS headers)
      cmake_path(GET header PARENT_PATH below)
      cmake_path(APPEND CMAKE_INSTALL_INCLUDEDIR blindbook ${module} ${below} OUTPUT_VARIABLE destination)
      install(FILES ${folder}/${header} DESTINATION ${destination} COMPONENT development)
    endforeach()
  endforeach()

  get_property(needs GLOBAL PROPERTY BLINDBOOK_COMPONENT_NEEDS_${component})
  string(APPEND component_needs "set(_blindbook_${component}_needs ${needs})\n")
endforeach()

get_target_property(library_type blindbook_engine_component TYPE)
if(library_type STREQUAL "STATIC_LIBRARY")
  set(libraries_are_static TRUE)
else()
  set(libraries_are_static FALSE)
endif()
set(libpq_is_linked FALSE)
if(blindbook_libpq)
  set(libpq_is_linked TRUE)
endif()

# The C ABI: <blindbook.h>, to be found by pkg-config and as blindbook::capi. Its header is no C++ and stands alone, so it
# lies beside the folder of the others.
get_property(capi_folder GLOBAL PROPERTY BLINDBOOK_FOLDER_capi)
install(TARGETS blindbook_shared EXPORT blindbook-capi
        LIBRARY COMPONENT library NAMELINK_COMPONENT development)
install(EXPORT blindbook-capi NAMESPACE blindbook:: DESTINATION ${package_folder} COMPONENT development)
install(FILES ${capi_folder}/blindbook.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
list(APPEND components capi)

# Paths are told from where the file lies, so that a prefix can be moved.
set(pkgconfig_folder ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH up_to_prefix /${pkgconfig_folder} /)
configure_file(${CMAKE_CURRENT_LIST_DIR}/blindbook.pc.in ${PROJECT_BINARY_DIR}/blindbook.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/blindbook.pc DESTINATION ${pkgconfig_folder} COMPONENT development)

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/blindbookConfig.cmake.in ${PROJECT_BINARY_DIR}/blindbookConfig.cmake
                              INSTALL_DESTINATION ${package_folder})
# Before 1.0 a new minor version may break its users.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/blindbookConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/blindbookConfig.cmake ${PROJECT_BINARY_DIR}/blindbookConfigVersion.cmake
        DESTINATION ${package_folder} COMPONENT development)
if(BLINDBOOK_BUILD_CONTACT)
  install(FILES ${CMAKE_CURRENT_LIST_DIR}/FindPhonenumber.cmake DESTINATION ${package_folder} COMPONENT development)
endif()

# What programs in Python import, each a folder whose name is the package's.
set(python_packages python/blindbook synapse/blindbook_synapse xmpp/blindbook_xmpp)
foreach(package IN LISTS python_packages)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/protocol/bindings/${package} DESTINATION ${BLINDBOOK_INSTALL_PYTHONDIR}
          COMPONENT python FILES_MATCHING PATTERN "*.py" PATTERN py.typed PATTERN __pycache__ EXCLUDE)
endforeach()

if(TARGET blindbook)
  file(RELATIVE_PATH up_to_libraries /${CMAKE_INSTALL_BINDIR} /${CMAKE_INSTALL_LIBDIR})
  set_target_properties(blindbook PROPERTIES INSTALL_RPATH "$ORIGIN/${up_to_libraries}")
  install(TARGETS blindbook COMPONENT program)
endif()

install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/NOTICE DESTINATION ${CMAKE_INSTALL_DOCDIR}
        COMPONENT documents)
