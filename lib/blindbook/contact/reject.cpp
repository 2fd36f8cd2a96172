#include "blindbook/contact/reject.h"

#include <utility>

#include "blindbook/contact/shortened.h"

namespace blindbook::contact {

Reject make_reject(std::size_t line, std::string value, RejectReason reason) {
  return {line, shortened(std::move(value), kMaxRejectValue), reason};
}

}  // namespace blindbook::contact
