#include "blindbook/service/ledger_options.h"

#include <ctime>

namespace blindbook::service {

std::uint64_t monotonic_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return static_cast<std::uint64_t>(now.tv_sec);
}

}  // namespace blindbook::service
