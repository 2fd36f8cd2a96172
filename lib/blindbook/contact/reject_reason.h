#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "blindbook/contact/contact.h"

namespace blindbook::contact {

/// Why a number of an address book or a subscriber list was not used or, from kCountryCodeWithoutPlus on, was
/// used although it may be wrong.
enum class RejectReason {
  kEmpty,
  kLetters,
  kCharacters,
  kServiceCode,
  kNotANumber,
  kNoRegion,
  kUnknownCountryCode,
  kTooShort,
  kTooLong,
  kInvalidLength,
  kLocalOnly,
  kEmergencyOrShort,
  kStrayPrefix,
  kFaxOrPager,
  kTruncated,
  kDamagedRow,
  kCountryCodeWithoutPlus,
  kSecondNumber,
};

/// Stable kebab-case name, such as "local-only"; part of the machine-readable output.
[[nodiscard]] std::string_view name(RejectReason reason) noexcept;

/// One sentence for the owner of the address book, without a capital or a full stop.
[[nodiscard]] std::string_view describe(RejectReason reason) noexcept;
/// The same by stable name; an empty view when there is no such reason.
[[nodiscard]] std::string_view describe(std::string_view reason_name) noexcept;

/// True when the number was used all the same.
[[nodiscard]] bool is_warning(RejectReason reason) noexcept;
/// The same by stable name; false when there is no such reason.
[[nodiscard]] bool is_warning(std::string_view reason_name) noexcept;

/// Every reason, in the order of the enumeration.
inline constexpr std::size_t kRejectReasons = 18;
[[nodiscard]] std::array<RejectReason, kRejectReasons> all_reject_reasons() noexcept;

/// A Reject with `value` cut to kMaxRejectValue bytes.
[[nodiscard]] Reject make_reject(std::string_view source, std::size_t line, std::string_view value,
                                 RejectReason reason);

}  // namespace blindbook::contact
