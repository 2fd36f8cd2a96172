#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace blindbook::test_tools {

struct Subscriber {
  std::string number;  ///< E.164, "+49..."
  std::string label;   ///< "@anna.weber17:city.example"
  bool discoverable;
};

/// Invented subscribers: the same for the same seed, each number once.
///
/// The first kFictional are drawn from the numbers that regulators set aside for fiction: Bundesnetzagentur
/// 030 23125, 069 90009, 040 66969, 0221 4710, 089 99998 (1,000 each), 0171 39200, 0176 040690 (100 each);
/// France 06 39 98 (10,000); North America 555-01xx in all 792 area codes there can be (100 each). Whoever
/// asks for more gets numbers below +49 14, which is assigned to nobody but has a length that numbers can
/// have: 90 million for subscribers, 10 million for others.
class SubscriberGenerator {
 public:
  static constexpr std::size_t kFictional = 5 * 1'000 + 2 * 100 + 10'000 + 792 * 100;
  static constexpr std::size_t kMostSubscribers = kFictional + 90'000'000;
  static constexpr std::size_t kMostOthers = 10'000'000;

  explicit SubscriberGenerator(std::uint64_t seed);

  /// The subscriber at `index` < kMostSubscribers. One in 20 is not discoverable.
  [[nodiscard]] Subscriber subscriber(std::size_t index) const;
  /// A number that no subscriber has; `index` < kMostOthers.
  [[nodiscard]] std::string other_number(std::size_t index) const;

  /// A number that does not depend on how many were asked for before: below `bound`, by `purpose` and
  /// `index`.
  [[nodiscard]] std::uint64_t draw(std::uint64_t purpose, std::uint64_t index, std::uint64_t bound) const;

 private:
  std::uint64_t seed_;
  std::vector<std::uint32_t> fictional_order_;
};

/// "Anna Weber", by any number.
struct PersonName {
  std::string first;
  std::string last;
};
[[nodiscard]] PersonName person_name(std::uint64_t draw);

}  // namespace blindbook::test_tools
