#include "cli/common/suite_names.h"

namespace blindbook::cli {

std::optional<SuiteId> suite_by_name(std::string_view name) {
  for (const SuiteId suite : {SuiteId::kRistretto255Sha512, SuiteId::kP256Sha256}) {
    if (name == name_of(suite)) {
      return suite;
    }
  }
  return std::nullopt;
}

std::string_view name_of(SuiteId suite) {
  const std::size_t bar = kSuiteChoice.find('|');
  return suite == SuiteId::kRistretto255Sha512 ? kSuiteChoice.substr(0, bar) : kSuiteChoice.substr(bar + 1);
}

}  // namespace blindbook::cli
