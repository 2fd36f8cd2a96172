#pragma once

namespace i18n::phonenumbers {
class PhoneNumberUtil;
class ShortNumberInfo;
}  // namespace i18n::phonenumbers

namespace blindbook::contact {

/// libphonenumber's process-wide instance, its log silenced before the first number reaches it, because that
/// log would hold numbers. Safe from several threads, as is the other.
[[nodiscard]] const i18n::phonenumbers::PhoneNumberUtil& phone_library();

/// The emergency and short numbers of all regions; one for the process, since reading them takes
/// milliseconds.
[[nodiscard]] const i18n::phonenumbers::ShortNumberInfo& short_numbers();

}  // namespace blindbook::contact
