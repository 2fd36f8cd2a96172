#include "blindbook/capi/raw_numbers.h"

// The library stands on OpenSSL alone: whoever links it brings numbers in E.164.

namespace blindbook::capi {

struct RawNumbers::LastRegion {};

RawNumbers::RawNumbers() = default;
RawNumbers::~RawNumbers() = default;

Result<std::vector<Identifier>> RawNumbers::read(const char* /*raw*/, const char* /*region*/) {
  return api_misuse("capi.unsupported", "this library was built without libphonenumber",
                    "add numbers in E.164 with bb_client_add_identifier(), or build it with "
                    "BLINDBOOK_SHARED_CONTACT");
}

}  // namespace blindbook::capi
