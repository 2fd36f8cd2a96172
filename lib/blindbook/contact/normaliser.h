#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "blindbook/base/error.h"
#include "blindbook/base/identifier.h"
#include "blindbook/contact/reject_reason.h"

namespace blindbook::contact {

/// What one field of an address book comes to: either identifiers (one, or several from "0171 .. / 0172 ..",
/// without repetitions) and perhaps a warning, or no identifier and the reason.
struct Normalised {
  std::vector<Identifier> identifiers;
  std::optional<RejectReason> reason;   ///< Set exactly when there is no identifier.
  std::optional<RejectReason> warning;  ///< A reason for which is_warning() holds.
};

/// Turns numbers as people write them into identifiers, by the numbering plans of libphonenumber. The gate is
/// that a number is possible (its length fits its country), never that it is valid: new ranges open faster
/// than metadata spreads. Both sides of a discovery must come to the same identifier, so there is one
/// normaliser for both.
///
/// Every identifier it returns it also returns for that identifier's own text, in any region. Immutable;
/// cheap to copy; safe from several threads. The first one created silences libphonenumber's log for the
/// process, because that log would hold numbers.
class Normaliser {
 public:
  /// `region`: where numbers without a country code are at home, ISO 3166-1 alpha-2 ("DE", any case). Without
  /// one only numbers that begin with + or 00 pass, others are rejects "no-region". BadInput "contact.region"
  /// when libphonenumber does not know the region.
  [[nodiscard]] static Result<Normaliser> create(std::optional<std::string> region);

  /// Never fails; takes any bytes, also `tel:` URIs (RFC 3966). Runs libphonenumber once or twice, and not at
  /// all for most numbers that are in their final form already (+ and digits, with `tel:` or without).
  [[nodiscard]] Normalised normalise(std::string_view raw) const;

 private:
  class Plan;
  explicit Normaliser(std::shared_ptr<const Plan> plan) noexcept : plan_(std::move(plan)) {}
  std::shared_ptr<const Plan> plan_;
};

}  // namespace blindbook::contact
