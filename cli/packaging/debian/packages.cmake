# cpack -G DEB: one package for each part of an installation. dpkg-shlibdeps tells what shared libraries each needs.
#
#   libblindbook0      libblindbook.so.0
#   libblindbook-dev   its header and link, pkg-config, the C++ components, the CMake package
#   blindbook          the program with its man pages, completion, units and examples
#   python3-blindbook  the packages of Python
if(NOT CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  message(FATAL_ERROR "Debian packages are made with the preset `package`, which installs into /usr")
endif()
if(BUILD_SHARED_LIBS)
  message(FATAL_ERROR "Debian packages hold the C++ components as static libraries: BUILD_SHARED_LIBS is set")
endif()
if(NOT man_pages)
  message(FATAL_ERROR "Debian packages hold man pages: install scdoc")
endif()

set(debian ${CMAKE_CURRENT_LIST_DIR})
set(packaging_folder ${CMAKE_CURRENT_BINARY_DIR}/debian)
set(parts library development program python)
set(package_of_library libblindbook0)
set(package_of_development libblindbook-dev)
set(package_of_program blindbook)
set(package_of_python python3-blindbook)

# The changelog says the version of the packages, and it is this version of the sources.
file(STRINGS ${debian}/changelog newest LIMIT_COUNT 1)
if(NOT newest MATCHES "^blindbook \\(${PROJECT_VERSION}-([0-9]+)\\)")
  message(FATAL_ERROR "${debian}/changelog does not begin with version ${PROJECT_VERSION}: ${newest}")
endif()
set(CPACK_DEBIAN_PACKAGE_RELEASE ${CMAKE_MATCH_1})
set(same_version "(= ${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})")

# --- what policy asks of each ---

find_program(BLINDBOOK_GZIP gzip REQUIRED)
# compressed(<file> <output>): the file as Debian wants documents compressed, without name and time.
set(compressed_files)
function(compressed file output)
  add_custom_command(OUTPUT ${output} DEPENDS ${file} VERBATIM
                     COMMAND ${BLINDBOOK_GZIP} --best --no-name < ${file} > ${output})
  set(compressed_files ${compressed_files} ${output} PARENT_SCOPE)
endfunction()

file(MAKE_DIRECTORY ${packaging_folder})
compressed(${debian}/changelog ${packaging_folder}/changelog.Debian.gz)
compressed(${PROJECT_SOURCE_DIR}/CHANGELOG.md ${packaging_folder}/changelog.gz)
foreach(part IN LISTS parts)
  install(FILES ${packaging_folder}/changelog.Debian.gz ${packaging_folder}/changelog.gz ${debian}/copyright
          DESTINATION share/doc/${package_of_${part}} COMPONENT ${part})
endforeach()
foreach(page IN LISTS man_pages)
  cmake_path(GET page FILENAME name)
  string(REGEX MATCH "[0-9]$" section ${name})
  compressed(${page} ${packaging_folder}/${name}.gz)
  install(FILES ${packaging_folder}/${name}.gz DESTINATION share/man/man${section} COMPONENT program)
endforeach()
add_custom_target(blindbook_debian_documents ALL DEPENDS ${compressed_files})

# --- the packages ---

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME blindbook)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "blindbook maintainers <maintainers@blindbook.example>")
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/debian)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
    WORLD_EXECUTE)
set(CPACK_COMPONENTS_ALL ${parts})
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
foreach(part IN LISTS parts)
  string(TOUPPER ${part} PART)
  set(CPACK_DEBIAN_${PART}_PACKAGE_NAME ${package_of_${part}})
endforeach()

# describe(<part> <summary> <what it holds>): what apt shows.
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")
function(describe part summary holds)
  string(TOUPPER ${part} PART)
  set(CPACK_DEBIAN_${PART}_DESCRIPTION "private contact discovery - ${summary}
Finds which contacts of an address book subscribe to a service, by the
verifiable oblivious pseudo-random function of RFC 9497, so that the service
learns no contact.

${holds}" PARENT_SCOPE)
endfunction()

describe(library "C library" "\
This package holds the shared library with client and server behind a C ABI.
It computes; the program that uses it carries the bytes.")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${debian}/libblindbook0/triggers)
# Whoever links against it needs this version or a later one: functions are added and none is changed.
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY >=)

describe(development "files to build with" "\
This package holds the C header with its pkg-config file, the C++20 headers
and static libraries of the components, and their CMake package.")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
# The components engine and protocol need what it depends on; contact, model and service what it suggests.
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "libblindbook0 ${same_version}, libssl-dev, libexpected-dev")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SUGGESTS "libphonenumber-dev, libprotobuf-dev, libboost-dev, libsqlite3-dev, libpq-dev")

describe(program "service and client" "\
This package holds the program for operators and clients, and systemd units
for the service. Installing it starts nothing.")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_DEPENDS "adduser, ca-certificates")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_CONTROL_EXTRA
    ${debian}/blindbook/postinst ${debian}/blindbook/prerm ${debian}/blindbook/postrm)

describe(python "Python package" "\
This package holds client and server for Python programs, over the C library,
and what stands beside a Matrix homeserver or an XMPP server.")
set(CPACK_DEBIAN_PYTHON_PACKAGE_SECTION python)
set(CPACK_DEBIAN_PYTHON_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_PYTHON_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_PYTHON_PACKAGE_DEPENDS "libblindbook0 ${same_version}, python3 (>= 3.9)")
# The first for blindbook_xmpp, the second for blindbook_synapse beside a PostgreSQL.
set(CPACK_DEBIAN_PYTHON_PACKAGE_SUGGESTS "python3-slixmpp, python3-psycopg2")
set(CPACK_DEBIAN_PYTHON_PACKAGE_CONTROL_EXTRA ${debian}/python3-blindbook/postinst ${debian}/python3-blindbook/prerm)

include(CPack)
