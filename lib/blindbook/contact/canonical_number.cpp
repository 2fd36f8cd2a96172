#include "blindbook/contact/canonical_number.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <phonenumbers/phonemetadata.pb.h>
#include <phonenumbers/phonenumberutil.h>
#include <phonenumbers/shortnumberinfo.h>

#include "blindbook/contact/ascii.h"
#include "blindbook/contact/numbering_plans.h"
#include "blindbook/contact/phone_library.h"
#include "blindbook/contact/prefix_pattern.h"

namespace blindbook::contact {
namespace {

using i18n::phonenumbers::PhoneMetadata;
using i18n::phonenumbers::PhoneMetadataCollection;
using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

constexpr std::size_t kMinDigits = 7;   // with the country code: what an identifier may have
constexpr std::size_t kMaxDigits = 15;  // ITU-T E.164
constexpr std::size_t kMaxCountryDigits = 3;

/// What has to be known of the numbers behind one country calling code.
struct CallingCode {
  std::uint32_t lengths = 0;  // bit n: a national number of n digits is possible, and no short number has n
  PrefixPattern prefix;       // what Parse() may take off the front of a national number
};

/// Whether `metadata` is what the library parses numbers of its country code by: that of the main region of
/// the code (+1: US), or of the code itself where it belongs to no region.
bool rules(const PhoneMetadata& metadata) {
  std::string main_region;
  phone_library().GetRegionCodeForCountryCode(metadata.country_code(), &main_region);
  return metadata.id() == main_region;
}

/// Both questions depend on the length alone: "IsPossibleNumberWithReason" looks at nothing else, and
/// "IsPossibleShortNumber" neither.
bool is_possible_and_not_short(int country_code, int length) {
  PhoneNumber number;
  number.set_country_code(country_code);
  std::uint64_t national = 1;
  for (int i = 1; i < length; ++i) {
    national *= 10;
  }
  number.set_national_number(national);
  return phone_library().IsPossibleNumberWithReason(number) == PhoneNumberUtil::IS_POSSIBLE &&
         !short_numbers().IsPossibleShortNumber(number);
}

CallingCode read(const PhoneMetadata& metadata) {
  CallingCode out{0, PrefixPattern(metadata.national_prefix_for_parsing())};
  for (const int length : metadata.general_desc().possible_length()) {
    if (length > 0 && length <= static_cast<int>(kMaxDigits) &&
        is_possible_and_not_short(metadata.country_code(), length)) {
      out.lengths |= 1U << static_cast<unsigned>(length);
    }
  }
  return out;
}

/// All calling codes. None when the library does not show its metadata.
class CallingCodes {
 public:
  CallingCodes() {
    PhoneMetadataCollection plans;
    const std::optional<NumberingPlans> bytes = numbering_plans();
    if (!bytes || !plans.ParseFromArray(bytes->numbers.data(), static_cast<int>(bytes->numbers.size()))) {
      return;
    }
    for (const PhoneMetadata& metadata : plans.metadata()) {
      const int code = metadata.country_code();
      if (code > 0 && code < static_cast<int>(position_.size()) && rules(metadata)) {
        codes_.push_back(read(metadata));
        position_[static_cast<std::size_t>(code)] = static_cast<std::uint16_t>(codes_.size());
      }
    }
  }

  /// `digits`: behind the plus.
  bool leaves_alone(std::string_view digits) const {
    // As the library does: the shortest beginning that is a country code. None begins with 0.
    std::size_t code = 0;
    for (std::size_t size = 1; size <= kMaxCountryDigits && digits.front() != '0'; ++size) {
      code = code * 10 + static_cast<std::size_t>(digits[size - 1] - '0');
      if (position_[code] != 0) {
        const CallingCode& found = codes_[position_[code] - 1U];
        const std::string_view national = digits.substr(size);
        return (found.lengths >> national.size() & 1U) != 0 && !found.prefix.may_take_from(national);
      }
    }
    return false;
  }

 private:
  std::vector<CallingCode> codes_;
  std::array<std::uint16_t, 1000> position_{};  // by country code: 0, or one more than its place in codes_
};

}  // namespace

bool is_canonical_number(std::string_view text) {
  if (!text.starts_with('+')) {
    return false;
  }
  const std::string_view digits = text.substr(1);
  if (digits.size() < kMinDigits || digits.size() > kMaxDigits ||
      !std::all_of(digits.begin(), digits.end(), is_ascii_digit)) {
    return false;
  }
  static const CallingCodes kCodes;
  return kCodes.leaves_alone(digits);
}

}  // namespace blindbook::contact
