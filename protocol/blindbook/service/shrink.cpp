#include "blindbook/service/shrink.h"

#include <optional>
#include <string>

#include "blindbook/service/audit.h"

namespace blindbook::service {
namespace {

constexpr std::uint64_t kRowsThatCount = 100;

/// rows < 4/5 of before, for any that fit: no product of two counts.
bool is_less_than_four_fifths(std::uint64_t rows, std::uint64_t before) {
  return rows < before && before - rows > before / 5;
}

}  // namespace

Result<void> check_shrink(const std::filesystem::path& trail, std::uint64_t rows) {
  const Result<std::optional<std::uint64_t>> last = last_audit_count(trail, "rows");
  if (!last) {
    return tl::unexpected<Error>(last.error());
  }
  const std::uint64_t before = last->value_or(0);
  if (before < kRowsThatCount || !is_less_than_four_fifths(rows, before)) {
    return {};
  }
  return bad_input("publish.shrink",
                   "the subscriber list has " + std::to_string(rows) + " rows, the last one had " +
                       std::to_string(before) + ": more than a fifth is gone",
                   "is it whole? if it is, give --allow-shrink once");
}

}  // namespace blindbook::service
