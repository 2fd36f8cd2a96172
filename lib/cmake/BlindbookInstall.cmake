# cmake --install: the headers and library of each component, the program, and the package that
# find_package(blindbook COMPONENTS ..) reads. Each component is an export set of its own, so that one that nobody asks
# for brings no dependency. Modules are no part of it: they are objects inside their component.
include(CMakePackageConfigHelpers)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/blindbook)
get_property(components GLOBAL PROPERTY BLINDBOOK_COMPONENTS)

set(component_needs)
foreach(component IN LISTS components)
  set(target blindbook_${component}_component)
  # Installed libraries find each other where they lie.
  set_target_properties(${target} PROPERTIES INSTALL_RPATH "$ORIGIN")
  install(TARGETS ${target} EXPORT blindbook-${component})
  install(EXPORT blindbook-${component} NAMESPACE blindbook:: DESTINATION ${package_folder})

  get_property(modules GLOBAL PROPERTY BLINDBOOK_COMPONENT_MODULES_${component})
  foreach(module IN LISTS modules)
    get_property(folder GLOBAL PROPERTY BLINDBOOK_FOLDER_${module})
    get_property(headers GLOBAL PROPERTY BLINDBOOK_HEADERS_${module})
    foreach(header IN LISTS headers)
      cmake_path(GET header PARENT_PATH below)
      cmake_path(APPEND CMAKE_INSTALL_INCLUDEDIR blindbook ${module} ${below} OUTPUT_VARIABLE destination)
      install(FILES ${folder}/${header} DESTINATION ${destination})
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

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/blindbookConfig.cmake.in ${PROJECT_BINARY_DIR}/blindbookConfig.cmake
                              INSTALL_DESTINATION ${package_folder})
# Before 1.0 a new minor version may break its users.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/blindbookConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/blindbookConfig.cmake ${PROJECT_BINARY_DIR}/blindbookConfigVersion.cmake
        DESTINATION ${package_folder})
if(BLINDBOOK_BUILD_CONTACT)
  install(FILES ${CMAKE_CURRENT_LIST_DIR}/FindPhonenumber.cmake DESTINATION ${package_folder})
endif()

if(TARGET blindbook)
  file(RELATIVE_PATH up_to_libraries /${CMAKE_INSTALL_BINDIR} /${CMAKE_INSTALL_LIBDIR})
  set_target_properties(blindbook PROPERTIES INSTALL_RPATH "$ORIGIN/${up_to_libraries}")
  install(TARGETS blindbook)
endif()

install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/NOTICE DESTINATION ${CMAKE_INSTALL_DOCDIR})
