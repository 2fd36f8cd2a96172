# Finds Google's libphonenumber, which brings neither a pkg-config file nor a CMake package.
# Defines the imported target Phonenumber::phonenumber and Phonenumber_FOUND.
find_path(Phonenumber_INCLUDE_DIR phonenumbers/phonenumberutil.h)
find_library(Phonenumber_LIBRARY phonenumber)
find_library(Phonenumber_PROTOBUF_LIBRARY protobuf)  # its public headers hold protobuf messages

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Phonenumber
  REQUIRED_VARS Phonenumber_LIBRARY Phonenumber_PROTOBUF_LIBRARY Phonenumber_INCLUDE_DIR)
mark_as_advanced(Phonenumber_INCLUDE_DIR Phonenumber_LIBRARY Phonenumber_PROTOBUF_LIBRARY)

if(Phonenumber_FOUND AND NOT TARGET Phonenumber::phonenumber)
  add_library(Phonenumber::phonenumber UNKNOWN IMPORTED)
  set_target_properties(Phonenumber::phonenumber PROPERTIES
    IMPORTED_LOCATION ${Phonenumber_LIBRARY}
    INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${Phonenumber_INCLUDE_DIR}
    INTERFACE_LINK_LIBRARIES ${Phonenumber_PROTOBUF_LIBRARY})
endif()
