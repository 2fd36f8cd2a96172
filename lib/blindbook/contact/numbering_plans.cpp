#include "blindbook/contact/numbering_plans.h"

#include <cstddef>
#include <cstdint>

namespace i18n::phonenumbers {
// The metadata that PhoneNumberUtil and ShortNumberInfo read. The library exports all four, but names them in no
// installed header; weak, so that a build that hides them only loses what rests on this.
[[gnu::weak]] int metadata_size();
[[gnu::weak]] const void* metadata_get();
[[gnu::weak]] int short_metadata_size();
[[gnu::weak]] const void* short_metadata_get();
}  // namespace i18n::phonenumbers

namespace blindbook::contact {
namespace {

ByteView view(const void* bytes, int size) {
  return {static_cast<const std::uint8_t*>(bytes), static_cast<std::size_t>(size)};
}

}  // namespace

std::optional<NumberingPlans> numbering_plans() {
  namespace library = i18n::phonenumbers;
  if (library::metadata_get == nullptr || library::metadata_size == nullptr ||
      library::short_metadata_get == nullptr || library::short_metadata_size == nullptr) {
    return std::nullopt;
  }
  return NumberingPlans{.numbers = view(library::metadata_get(), library::metadata_size()),
                        .short_numbers = view(library::short_metadata_get(), library::short_metadata_size())};
}

}  // namespace blindbook::contact
