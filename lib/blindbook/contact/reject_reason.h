#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace blindbook::contact {

/// Why a number of an address book or a subscriber list was not used or, from kCountryCodeWithoutPlus on, was
/// used although it may be wrong.
enum class RejectReason : std::uint8_t {
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
  kUnreadColumn,
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

/// Every reason, in the order of the enumeration.
inline constexpr std::size_t kRejectReasons = 19;
[[nodiscard]] std::array<RejectReason, kRejectReasons> all_reject_reasons() noexcept;

}  // namespace blindbook::contact
