#include "blindbook/capi/raw_numbers.h"

#include <optional>
#include <string>
#include <utility>

#include "blindbook/contact/normaliser.h"
#include "blindbook/contact/reject_reason.h"

// The library with libphonenumber in it.

namespace blindbook::capi {

struct RawNumbers::LastRegion {
  std::string region;
  contact::Normaliser normaliser;
};

RawNumbers::RawNumbers() = default;
RawNumbers::~RawNumbers() = default;

Result<std::vector<Identifier>> RawNumbers::read(const char* raw, const char* region) {
  const std::string wanted = region == nullptr ? "" : region;
  if (last_ == nullptr || last_->region != wanted) {
    auto made = contact::Normaliser::create(wanted.empty() ? std::nullopt : std::optional(wanted));
    if (!made) {
      return failed(made);
    }
    last_ = std::make_unique<LastRegion>(LastRegion{wanted, std::move(*made)});
  }
  contact::Normalised number = last_->normaliser.normalise(raw);
  if (number.reason) {
    return bad_input("capi.number", std::string(contact::describe(*number.reason)));
  }
  return std::move(number.identifiers);
}

}  // namespace blindbook::capi
