#pragma once

#include <memory>
#include <vector>

#include "blindbook/base/error.h"
#include "blindbook/base/identifier.h"

namespace blindbook::capi {

/// Numbers as people write them. One of two sources is linked: capi_contact/raw_numbers.cpp in a library
/// that may bring libphonenumber, or capi_e164/raw_numbers.cpp.
class RawNumbers {
 public:
  RawNumbers();
  RawNumbers(const RawNumbers&) = delete;
  RawNumbers& operator=(const RawNumbers&) = delete;
  ~RawNumbers();

  /// What `raw` comes to, at least one; `region` as for contact::Normaliser, null or empty for none. BadInput
  /// "contact.region", "capi.number" (it is no number that can be looked up); ApiMisuse "capi.unsupported".
  [[nodiscard]] Result<std::vector<Identifier>> read(const char* raw, const char* region);

 private:
  struct LastRegion;  // a region's plan is made once for all numbers of a book
  std::unique_ptr<LastRegion> last_;
};

}  // namespace blindbook::capi
