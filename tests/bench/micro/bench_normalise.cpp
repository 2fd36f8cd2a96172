// Numbers to identifiers, and libphonenumber alone beside it.
#include <string>
#include <string_view>
#include <vector>

#include <phonenumbers/phonenumberutil.h>

#include "blindbook/contact/normaliser.h"

#include "tests/bench/micro/inputs.h"

namespace blindbook::contact {
namespace {

using bench::six_digits;

std::vector<std::string> numbers_behind(std::string_view prefix) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < 1000; ++i) {
    out.push_back(std::string(prefix) + six_digits(i * 997));
  }
  return out;
}

void normalise(benchmark::State& state, std::string_view prefix) {
  static const Normaliser normaliser = *Normaliser::create("DE");
  const std::vector<std::string> numbers = numbers_behind(prefix);
  for (auto _ : state) {
    for (const std::string& number : numbers) {
      benchmark::DoNotOptimize(normaliser.normalise(number));
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(numbers.size()));
}
BENCHMARK_CAPTURE(normalise, canonical, "+491710")->ThreadRange(1, 2)->UseRealTime();
// The plan with the longest pattern of national prefixes to rule out.
BENCHMARK_CAPTURE(normalise, canonical_argentina, "+542230")->UseRealTime();
BENCHMARK_CAPTURE(normalise, national, "0171 0")->ThreadRange(1, 2)->UseRealTime();
BENCHMARK_CAPTURE(normalise, international, "+49 (0) 171-0")->UseRealTime();

/// The yardstick: what it takes the library alone to read a number in its final form and to write it again.
void libphonenumber(benchmark::State& state) {
  using i18n::phonenumbers::PhoneNumber;
  using i18n::phonenumbers::PhoneNumberUtil;
  const PhoneNumberUtil& util = *PhoneNumberUtil::GetInstance();
  const std::vector<std::string> numbers = numbers_behind("+491710");
  for (auto _ : state) {
    for (const std::string& number : numbers) {
      PhoneNumber parsed;
      std::string e164;
      benchmark::DoNotOptimize(util.Parse(number, "DE", &parsed));
      benchmark::DoNotOptimize(util.IsPossibleNumberWithReason(parsed));
      util.Format(parsed, PhoneNumberUtil::E164, &e164);
      benchmark::DoNotOptimize(e164);
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(numbers.size()));
}
BENCHMARK(libphonenumber)->UseRealTime();

}  // namespace
}  // namespace blindbook::contact
