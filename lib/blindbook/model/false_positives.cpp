#include "blindbook/model/false_positives.h"

namespace blindbook::model {

Rational false_positive_per_lookup(const TagSpace& space) {
  const unsigned bits = space.tag_bits + (space.labels ? kLabelCheckBits : 0);
  return {Integer(space.distinct_tags), power_of_two(bits)};
}

Rational false_positive_per_run(const TagSpace& space, std::uint64_t lookups) {
  return 1 - power(1 - false_positive_per_lookup(space), lookups);
}

Rational false_positives_per_city_year(const TagSpace& space, const CityYear& city) {
  return false_positive_per_lookup(space) * Rational(Integer(city.clients) * city.contacts) *
         city.epochs_a_year;
}

}  // namespace blindbook::model
