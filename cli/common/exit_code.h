#pragma once

#include "blindbook/base/error.h"

namespace blindbook::cli {

/// What the program ends with. Stable: scripts and units depend on it.
enum class ExitCode {
  kDone = 0,
  kFailed = 1,          ///< network, disk, clock, stale announcement; for `status`: something needs action
  kUsage = 2,           ///< bad usage or input
  kSpent = 3,           ///< the account's allowance is spent
  kPeerMisbehaved = 4,  ///< signature, proof, root, rollback or fork
};

[[nodiscard]] ExitCode exit_code_for(Fault fault) noexcept;

}  // namespace blindbook::cli
