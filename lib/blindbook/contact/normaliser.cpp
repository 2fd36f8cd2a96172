#include "blindbook/contact/normaliser.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <utility>

#include <phonenumbers/phonenumberutil.h>
#include <phonenumbers/shortnumberinfo.h>

#include "blindbook/contact/ascii.h"
#include "blindbook/contact/canonical_number.h"
#include "blindbook/contact/dial_string.h"
#include "blindbook/contact/phone_library.h"

namespace blindbook::contact {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

// What libphonenumber calls the region of a number that must bring its own country code.
constexpr std::string_view kNoRegion = "ZZ";

std::string digits_of(std::string_view text) {
  std::string out;
  std::copy_if(text.begin(), text.end(), std::back_inserter(out), is_ascii_digit);
  return out;
}

/// `text` without the parentheses and the like before its first character that counts.
std::string_view from_plus_or_digit(std::string_view text) {
  return text.substr(std::min(text.find_first_of("+0123456789"), text.size()));
}

RejectReason reason_of(PhoneNumberUtil::ErrorType error) {
  switch (error) {
    case PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR:
      return RejectReason::kUnknownCountryCode;
    case PhoneNumberUtil::TOO_SHORT_AFTER_IDD:
    case PhoneNumberUtil::TOO_SHORT_NSN:
      return RejectReason::kTooShort;
    case PhoneNumberUtil::TOO_LONG_NSN:
      return RejectReason::kTooLong;
    case PhoneNumberUtil::NOT_A_NUMBER:
    case PhoneNumberUtil::NO_PARSING_ERROR:
      break;
  }
  return RejectReason::kNotANumber;
}

/// Nothing when the number is possible.
std::optional<RejectReason> reason_of(PhoneNumberUtil::ValidationResult result) {
  switch (result) {
    case PhoneNumberUtil::IS_POSSIBLE:
      return std::nullopt;
    case PhoneNumberUtil::IS_POSSIBLE_LOCAL_ONLY:
      return RejectReason::kLocalOnly;
    case PhoneNumberUtil::INVALID_COUNTRY_CODE:
      return RejectReason::kUnknownCountryCode;
    case PhoneNumberUtil::TOO_SHORT:
      return RejectReason::kTooShort;
    case PhoneNumberUtil::TOO_LONG:
      return RejectReason::kTooLong;
    case PhoneNumberUtil::INVALID_LENGTH:
      break;
  }
  return RejectReason::kInvalidLength;
}

std::string e164_of(const PhoneNumber& number) {
  std::string out;
  phone_library().Format(number, PhoneNumberUtil::E164, &out);
  return out;
}

/// The E.164 form that libphonenumber reads in "+..." text, if that number is possible.
std::optional<std::string> possible_e164(const std::string& text) {
  PhoneNumber number;
  if (phone_library().Parse(text, std::string(kNoRegion), &number) != PhoneNumberUtil::NO_PARSING_ERROR ||
      phone_library().IsPossibleNumberWithReason(number) != PhoneNumberUtil::IS_POSSIBLE) {
    return std::nullopt;
  }
  return e164_of(number);
}

/// The short way for a number that is in its final form: what all the steps below would come to, without
/// them.
std::optional<Identifier> canonical(std::string_view raw) {
  constexpr std::string_view kScheme = "tel:";
  const std::string_view e164 = raw.starts_with(kScheme) ? raw.substr(kScheme.size()) : raw;
  if (!is_canonical_number(e164)) {
    return std::nullopt;
  }
  Result<Identifier> identifier = Identifier::from_e164(e164);
  return identifier ? std::optional(*std::move(identifier)) : std::nullopt;
}

/// One number, or why it is none.
struct Single {
  std::optional<Identifier> identifier;
  std::optional<RejectReason> reason;
  bool starts_with_country_code = false;  // although it was read as a national number
};

Normalised only(Identifier identifier) {
  Normalised out;
  out.identifiers.push_back(std::move(identifier));
  return out;
}

Single rejected(RejectReason reason) {
  return {std::nullopt, reason};
}

}  // namespace

class Normaliser::Plan {
 public:
  explicit Plan(const std::optional<std::string>& region) : region_(region.value_or(std::string(kNoRegion))) {
    if (region) {
      country_code_ = std::to_string(phone_library().GetCountryCodeForRegion(region_));
      std::string prefix;
      phone_library().GetNddPrefixForRegion(region_, true, &prefix);
      has_trunk_prefix_ = !prefix.empty();
    }
  }

  Normalised normalise(std::string_view raw) const {
    if (std::optional<Identifier> identifier = canonical(raw)) {
      return only(*std::move(identifier));
    }
    const DialString dial = read_dial_string(raw);
    if (dial.reject) {
      return {{}, dial.reject, std::nullopt};
    }
    Single whole = read(dial.number);
    if (!whole.identifier) {
      return split(dial.number, *whole.reason);
    }
    Normalised out = only(*std::move(whole.identifier));
    if (whole.starts_with_country_code) {
      out.warning = RejectReason::kCountryCodeWithoutPlus;
    } else if (!dial.second.empty() && read(dial.second).identifier) {
      out.warning = RejectReason::kSecondNumber;
    }
    return out;
  }

 private:
  bool has_region() const { return !country_code_.empty(); }

  /// Several numbers between slashes: only when together they are no number, and each alone is one with its
  /// prefix.
  Normalised split(std::string_view text, RejectReason reason) const {
    Normalised none{{}, reason, std::nullopt};
    // Not a number: so libphonenumber calls what has a + inside.
    if ((reason != RejectReason::kTooLong && reason != RejectReason::kNotANumber) ||
        text.find('/') == std::string_view::npos) {
      return none;
    }
    Normalised out;
    while (!text.empty()) {
      const std::size_t slash = std::min(text.find('/'), text.size());
      const std::string_view part = text.substr(0, slash);
      text.remove_prefix(std::min(slash + 1, text.size()));
      const std::string_view start = from_plus_or_digit(part);
      if (!start.starts_with('+') && !start.starts_with('0')) {
        return none;
      }
      const Single one = read(part);
      if (!one.identifier) {
        return none;
      }
      if (std::find(out.identifiers.begin(), out.identifiers.end(), *one.identifier) ==
          out.identifiers.end()) {
        out.identifiers.push_back(*one.identifier);
      }
    }
    return out;
  }

  Single read(std::string_view dialled) const {
    std::string text(from_plus_or_digit(dialled));
    if (!has_region() && text.starts_with("00")) {
      text.replace(0, 2, "+");
    }
    const bool international = text.starts_with('+');
    if (!has_region() && !international) {
      return rejected(RejectReason::kNoRegion);
    }
    if (text.size() > kMaxText) {
      return rejected(RejectReason::kTooLong);
    }
    PhoneNumber number;
    // Keeping the raw input tells how the country was found, and costs an eighth more.
    const auto error = international ? phone_library().Parse(text, region_, &number)
                                     : phone_library().ParseAndKeepRawInput(text, region_, &number);
    if (error != PhoneNumberUtil::NO_PARSING_ERROR) {
      return rejected(reason_of(error));
    }
    const bool national = number.country_code_source() == PhoneNumber::FROM_DEFAULT_COUNTRY;
    number.clear_raw_input();  // else Format() returns it for a number of nothing but zeros
    const std::string digits = digits_of(text);
    std::string significant;
    phone_library().GetNationalSignificantNumber(number, &significant);
    const bool bare = national && digits == significant;
    if (is_short(number, bare)) {
      return rejected(RejectReason::kEmergencyOrShort);
    }
    if (const auto reason = reason_of(phone_library().IsPossibleNumberWithReason(number))) {
      return rejected(*reason);
    }
    return finish(number, text, bare && starts_with_country_code(number, digits));
  }

  /// As dialled at home ("110", "116 117") any number of a short number's length is one, where full numbers
  /// begin with a trunk prefix. Elsewhere, and behind a country code or a trunk prefix, the same length may
  /// be a full number
  /// ("030 123"; all of Papua New Guinea), so there it must be assigned.
  bool is_short(const PhoneNumber& number, bool bare) const {
    if (bare && has_trunk_prefix_ && short_numbers().IsPossibleShortNumberForRegion(number, region_)) {
      return true;
    }
    return short_numbers().IsPossibleShortNumber(number) && short_numbers().IsValidShortNumber(number);
  }

  static Single finish(const PhoneNumber& number, const std::string& text, bool starts_with_country_code) {
    const std::string e164 = e164_of(number);
    Result<Identifier> identifier = Identifier::from_e164(e164);
    if (!identifier) {
      // Some plans allow lengths that E.164 does not.
      return rejected(e164.size() > kMaxE164 ? RejectReason::kTooLong : RejectReason::kTooShort);
    }
    if (e164 != text && !is_canonical_number(e164) && possible_e164(e164) != e164) {
      return rejected(RejectReason::kStrayPrefix);
    }
    return {*std::move(identifier), std::nullopt, starts_with_country_code};
  }

  /// "49 171 .." in Germany: the library makes it an existing number of area code 0491. Where national
  /// numbers carry no trunk prefix they may begin like the country code by right (Italian mobiles 39x), so
  /// there the warning is for numbers that belong to no range.
  bool starts_with_country_code(const PhoneNumber& number, const std::string& digits) const {
    return digits.starts_with(country_code_) && possible_e164("+" + digits) &&
           (has_trunk_prefix_ || phone_library().GetNumberType(number) == PhoneNumberUtil::UNKNOWN);
  }

  // Where the ports of libphonenumber end; the C++ library reads on, and both must agree.
  static constexpr std::size_t kMaxText = 250;
  static constexpr std::size_t kMaxE164 = 16;  // the plus and 15 digits

  std::string region_;
  std::string country_code_;  // decimal; empty without a region
  bool has_trunk_prefix_ = false;
};

Result<Normaliser> Normaliser::create(std::optional<std::string> region) {
  if (region) {
    std::transform(region->begin(), region->end(), region->begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    std::set<std::string> known;
    phone_library().GetSupportedRegions(&known);
    if (!known.contains(*region)) {
      return bad_input("contact.region", "the region is not known", "give its ISO 3166 code, such as DE");
    }
  }
  return Normaliser(std::make_shared<const Plan>(region));
}

Normalised Normaliser::normalise(std::string_view raw) const {
  return plan_->normalise(raw);
}

}  // namespace blindbook::contact
