#pragma once

#include <string_view>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"

namespace blindbook::protocol {

/// A captive portal or a proxy may have answered with a page of its own, and the service must not be blamed for
/// it: asked before any rule whose breach is the peer's.
[[nodiscard]] inline Result<void> check_magic(ByteView body, std::string_view magic) {
  if (!text_of(body).starts_with(magic)) {
    return unavailable("service.not-an-answer", "what answered is not a blindbook service",
                       "a captive portal, or a proxy that shows a page of its own? try again");
  }
  return {};
}

}  // namespace blindbook::protocol
