#include "blindbook/model/false_positives.h"

namespace blindbook::model {
namespace {

unsigned bits_of(const TagSpace& space) {
  return space.tag_bits + (space.labels ? kLabelCheckBits : 0);
}

}  // namespace

Rational false_positive_per_lookup(const TagSpace& space) {
  return {Integer(space.distinct_tags), power_of_two(bits_of(space))};
}

Fraction false_positive_per_run(const TagSpace& space, std::uint32_t lookups) {
  const unsigned bits = bits_of(space);
  const Integer all = power_of_two(bits * lookups);
  Integer missing = power_of_two(bits);
  missing -= space.distinct_tags;
  Integer hit = all;
  hit -= pow(missing, lookups);
  return {hit, all};
}

Rational false_positives_per_city_year(const TagSpace& space, const CityYear& city) {
  return false_positive_per_lookup(space) * Rational(Integer(city.clients) * city.contacts) *
         city.epochs_a_year;
}

}  // namespace blindbook::model
