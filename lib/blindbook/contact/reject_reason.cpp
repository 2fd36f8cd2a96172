#include "blindbook/contact/reject_reason.h"

namespace blindbook::contact {
namespace {

struct Entry {
  RejectReason reason;
  std::string_view name;
  std::string_view sentence;
  bool warning = false;
};

constexpr std::array<Entry, kRejectReasons> kEntries{{
    {RejectReason::kEmpty, "empty", "there is nothing in the field"},
    {RejectReason::kLetters, "letters", "it has letters that are not a remark in parentheses"},
    {RejectReason::kCharacters, "characters", "it has characters that no phone number has"},
    {RejectReason::kServiceCode, "service-code", "it is a code for the phone or the network, not a number"},
    {RejectReason::kNotANumber, "not-a-number", "it does not read as a phone number"},
    {RejectReason::kNoRegion, "no-region",
     "it has no country code (+.. or 00..), and no region was given to read it in"},
    {RejectReason::kUnknownCountryCode, "unknown-country-code", "no country has this country code"},
    {RejectReason::kTooShort, "too-short", "it has too few digits for its country"},
    {RejectReason::kTooLong, "too-long", "it has too many digits for its country"},
    {RejectReason::kInvalidLength, "invalid-length", "no number of its country has this many digits"},
    {RejectReason::kLocalOnly, "local-only", "it has no area code"},
    {RejectReason::kEmergencyOrShort, "emergency-or-short", "it is an emergency or short number"},
    {RejectReason::kStrayPrefix, "stray-prefix",
     "a national prefix stands where the number should begin, so that it can be read in two ways"},
    {RejectReason::kFaxOrPager, "fax-or-pager", "it is the number of a fax machine or a pager"},
    {RejectReason::kTruncated, "truncated", "the file ends inside the number"},
    {RejectReason::kDamagedRow, "damaged-row",
     "a quote is not closed, the row is too long to be one, or what calls itself base64 is none"},
    {RejectReason::kUnreadColumn, "unread-column",
     "a column that seems to hold phone numbers has no heading that is known here, so nothing in it was "
     "used"},
    {RejectReason::kCountryCodeWithoutPlus, "country-code-without-plus",
     "it was read as a national number but begins with the country code: put a + in front if that was meant",
     true},
    {RejectReason::kSecondNumber, "second-number",
     "only the first of several numbers in the field was used: give each a field of its own", true},
}};

const Entry& entry(RejectReason reason) {
  return kEntries[static_cast<std::size_t>(reason)];
}

}  // namespace

std::string_view name(RejectReason reason) noexcept {
  return entry(reason).name;
}

std::string_view describe(RejectReason reason) noexcept {
  return entry(reason).sentence;
}

std::string_view describe(std::string_view reason_name) noexcept {
  for (const Entry& candidate : kEntries) {
    if (candidate.name == reason_name) {
      return candidate.sentence;
    }
  }
  return {};
}

bool is_warning(RejectReason reason) noexcept {
  return entry(reason).warning;
}

std::array<RejectReason, kRejectReasons> all_reject_reasons() noexcept {
  std::array<RejectReason, kRejectReasons> out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = kEntries[i].reason;
  }
  return out;
}

}  // namespace blindbook::contact
