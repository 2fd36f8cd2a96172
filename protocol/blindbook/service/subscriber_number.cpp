#include "blindbook/service/subscriber_number.h"

#include <utility>

#include "blindbook/contact/ascii.h"
#include "blindbook/contact/reject_reason.h"

namespace blindbook::service {

tl::expected<Identifier, std::string_view> subscriber_number(const contact::Normaliser& normaliser,
                                                             bool only_plus, std::string_view text) {
  const auto refused = [](contact::RejectReason reason) {
    return tl::unexpected<std::string_view>(contact::name(reason));
  };
  if (only_plus && !contact::trimmed(text).starts_with('+')) {
    return refused(contact::RejectReason::kNoRegion);
  }
  contact::Normalised normalised = normaliser.normalise(text);
  if (const auto reason = normalised.reason ? normalised.reason : normalised.warning) {
    return refused(*reason);
  }
  if (normalised.identifiers.size() != 1) {
    return refused(contact::RejectReason::kSecondNumber);
  }
  return std::move(normalised.identifiers.front());
}

}  // namespace blindbook::service
