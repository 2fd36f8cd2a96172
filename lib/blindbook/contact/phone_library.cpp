#include "blindbook/contact/phone_library.h"

#include <phonenumbers/logger.h>
#include <phonenumbers/phonenumberutil.h>
#include <phonenumbers/shortnumberinfo.h>

namespace blindbook::contact {

using i18n::phonenumbers::NullLogger;
using i18n::phonenumbers::PhoneNumberUtil;
using i18n::phonenumbers::ShortNumberInfo;

const PhoneNumberUtil& phone_library() {
  static const PhoneNumberUtil* instance = [] {
    PhoneNumberUtil* util = PhoneNumberUtil::GetInstance();
    util->SetLogger(new NullLogger);  // takes ownership
    return util;
  }();
  return *instance;
}

const ShortNumberInfo& short_numbers() {
  static_cast<void>(phone_library());  // which it uses, silenced
  static const ShortNumberInfo instance;
  return instance;
}

}  // namespace blindbook::contact
