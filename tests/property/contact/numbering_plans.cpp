#include "tests/property/contact/numbering_plans.h"

#include <map>
#include <set>
#include <stdexcept>

#include <phonenumbers/phonemetadata.pb.h>
#include <phonenumbers/phonenumberutil.h>

namespace i18n::phonenumbers {
int metadata_size();
const void* metadata_get();
}  // namespace i18n::phonenumbers

namespace blindbook::test_support {

using i18n::phonenumbers::PhoneMetadataCollection;
using i18n::phonenumbers::PhoneNumberUtil;

std::vector<NumberingPlan> numbering_plans() {
  PhoneMetadataCollection collection;
  if (!collection.ParseFromArray(i18n::phonenumbers::metadata_get(), i18n::phonenumbers::metadata_size())) {
    throw std::runtime_error("the metadata of libphonenumber cannot be read");
  }
  std::map<int, NumberingPlan> by_code;
  for (const auto& metadata : collection.metadata()) {
    std::string main_region;
    PhoneNumberUtil::GetInstance()->GetRegionCodeForCountryCode(metadata.country_code(), &main_region);
    if (metadata.id() == main_region) {
      const auto& lengths = metadata.general_desc().possible_length();
      by_code[metadata.country_code()] = {std::to_string(metadata.country_code()),
                                          metadata.national_prefix_for_parsing(),
                                          {lengths.begin(), lengths.end()}};
    }
  }
  std::set<int> codes;
  PhoneNumberUtil::GetInstance()->GetSupportedCallingCodes(&codes);
  std::vector<NumberingPlan> out;
  out.reserve(codes.size());
  for (const int code : codes) {
    out.push_back(by_code.at(code));
  }
  return out;
}

std::vector<std::string> all_regions() {
  std::set<std::string> regions;
  PhoneNumberUtil::GetInstance()->GetSupportedRegions(&regions);
  return {regions.begin(), regions.end()};
}

std::string country_code_of(const std::string& region) {
  return std::to_string(PhoneNumberUtil::GetInstance()->GetCountryCodeForRegion(region));
}

}  // namespace blindbook::test_support
