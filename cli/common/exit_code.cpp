#include "cli/common/exit_code.h"

namespace blindbook::cli {

ExitCode exit_code_for(Fault fault) noexcept {
  switch (fault) {
    case Fault::kPeerMisbehaved:
      return ExitCode::kPeerMisbehaved;
    case Fault::kBadInput:
      return ExitCode::kUsage;
    case Fault::kSpent:
      return ExitCode::kSpent;
    case Fault::kUnavailable:
    case Fault::kApiMisuse:
      break;
  }
  return ExitCode::kFailed;
}

}  // namespace blindbook::cli
