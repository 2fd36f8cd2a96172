#include "blindbook/base/identifier.h"

#include <algorithm>
#include <utility>

namespace blindbook {
namespace {

constexpr std::string_view kScheme = "tel:";
constexpr std::size_t kMinDigits = 7;   // one country digit and six more
constexpr std::size_t kMaxDigits = 15;  // ITU-T E.164

bool is_e164(std::string_view text) {
  if (text.empty() || text[0] != '+') {
    return false;
  }
  const std::string_view digits = text.substr(1);
  return digits.size() >= kMinDigits && digits.size() <= kMaxDigits && digits[0] != '0' &&
         std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Result<Identifier> Identifier::parse(std::string_view text) {
  return from_e164(text.starts_with(kScheme) ? text.substr(kScheme.size()) : std::string_view());
}

Result<Identifier> Identifier::from_e164(std::string_view e164) {
  if (!is_e164(e164)) {
    return bad_input("identifier.syntax",
                     "not a number in E.164: +, then 7 to 15 digits and nothing between them");
  }
  std::string text;
  text.reserve(kScheme.size() + e164.size());  // one allocation: every number of a list comes through here
  text.append(kScheme).append(e164);
  return Identifier(std::move(text));
}

}  // namespace blindbook
