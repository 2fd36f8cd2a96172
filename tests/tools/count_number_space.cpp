// count-number-space REGION..: how many mobile numbers each region has by libphonenumber's metadata: what
// somebody would try who sweeps a country. Prints `REGION numbers`, one line each. The figures of
// lib/blindbook/model/number_spaces.csv come from here.
//
// Whether a number is valid is decided by patterns on its first digits, so the numbers are counted by prefix:
// one whose completions by 0..0, 9..9 and two others all agree counts whole; where they differ, one digit
// more is looked at.
#include <algorithm>
#include <array>
#include <cstdint>
#include <iostream>
#include <set>
#include <string>
#include <string_view>

#include <phonenumbers/phonenumberutil.h>

namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

constexpr std::size_t kSurePrefix = 4;  // no answer is believed before so many digits
constexpr std::size_t kShortest = 5;    // digits of a national number
constexpr std::size_t kLongest = 12;
constexpr std::array<std::string_view, 4> kTails{"000000000000", "999999999999", "371592648037",
                                                 "508264197350"};

class Counter {
 public:
  explicit Counter(std::string region)
      : library_(*PhoneNumberUtil::GetInstance()),
        region_(std::move(region)),
        country_code_(library_.GetCountryCodeForRegion(region_)) {}

  [[nodiscard]] std::uint64_t count() const {
    std::uint64_t sum = 0;
    for (std::size_t length = kShortest; length <= kLongest; ++length) {
      sum += count("", length);
    }
    return sum;
  }

 private:
  [[nodiscard]] std::uint64_t count(const std::string& prefix, std::size_t length) const {
    const std::size_t open = length - prefix.size();
    if (prefix.size() >= kSurePrefix || open == 0) {
      const auto valid = std::count_if(kTails.begin(), kTails.end(), [&](std::string_view tail) {
        return is_mobile(prefix + std::string(tail.substr(0, open)));
      });
      if (valid == 0) {
        return 0;
      }
      if (valid == static_cast<std::ptrdiff_t>(kTails.size())) {
        std::uint64_t all = 1;
        for (std::size_t i = 0; i < open; ++i) {
          all *= 10;
        }
        return all;
      }
    }
    std::uint64_t sum = 0;
    for (char digit = '0'; digit <= '9'; ++digit) {
      sum += count(prefix + digit, length);
    }
    return sum;
  }

  [[nodiscard]] bool is_mobile(const std::string& national) const {
    PhoneNumber number;
    number.set_country_code(country_code_);
    const std::size_t zeros = std::min(national.find_first_not_of('0'), national.size() - 1);
    if (zeros > 0) {
      number.set_italian_leading_zero(true);
      number.set_number_of_leading_zeros(static_cast<int>(zeros));
    }
    number.set_national_number(std::stoull(national));
    if (!library_.IsValidNumberForRegion(number, region_)) {
      return false;
    }
    const auto type = library_.GetNumberType(number);
    return type == PhoneNumberUtil::MOBILE || type == PhoneNumberUtil::FIXED_LINE_OR_MOBILE;
  }

  const PhoneNumberUtil& library_;
  std::string region_;
  int country_code_;
};

}  // namespace

int main(int count, char** words) {
  std::set<std::string> known;
  PhoneNumberUtil::GetInstance()->GetSupportedRegions(&known);
  for (int i = 1; i < count; ++i) {
    if (!known.contains(words[i])) {
      std::cerr << "count-number-space: no region " << words[i] << '\n';
      return 2;
    }
    std::cout << words[i] << ' ' << Counter(words[i]).count() << '\n';
  }
}
