#include "tests/bench/comparison/scene.h"

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <stdexcept>
#include <unordered_set>
#include <utility>

#include "tests/support/deterministic_random.h"
#include "tests/tools/subscriber_generator.h"

namespace blindbook::bench {
namespace {

using test_support::DeterministicRandom;
using test_tools::SubscriberGenerator;

constexpr std::size_t kOneSubscriberIn = 4;

static_assert(kMostSubscribers <= SubscriberGenerator::kMostSubscribers);
static_assert(kMostContacts <= SubscriberGenerator::kMostOthers);

std::string identifier_of(const std::string& number) {
  return std::string("tel:").append(number);
}

/// `count` different numbers below `bound`.
std::vector<std::size_t> draw_different(DeterministicRandom& random, std::size_t bound, std::size_t count) {
  std::unordered_set<std::size_t> drawn;
  std::vector<std::size_t> out;
  // Floyd's sampling (Bentley, Floyd, CACM 1987): one draw each, however many of them are taken.
  for (std::size_t last = bound - count; last < bound; ++last) {
    const auto at = static_cast<std::size_t>(random.below(last + 1));
    out.push_back(drawn.insert(at).second ? at : last);
    drawn.insert(out.back());
  }
  return out;
}

/// A seed for each scene: neighbours share nothing.
std::uint64_t mixed(std::uint64_t seed, std::initializer_list<std::size_t> parts) {
  std::uint64_t out = seed;
  for (const std::size_t part : parts) {
    // The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
    out += (static_cast<std::uint64_t>(part) + 1) * 0x9E3779B97F4A7C15ULL;
    out = (out ^ (out >> 30)) * 0xBF58476D1CE4E5B9ULL;
    out = (out ^ (out >> 27)) * 0x94D049BB133111EBULL;
    out ^= out >> 31;
  }
  return out;
}

}  // namespace

std::vector<std::string> make_subscribers(std::uint64_t seed, std::size_t count) {
  const SubscriberGenerator generator(seed);
  std::vector<std::string> out;
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(identifier_of(generator.subscriber(i).number));
  }
  return out;
}

AddressBook make_address_book(std::uint64_t seed, std::size_t subscribers, std::size_t contacts,
                              std::size_t round) {
  const SubscriberGenerator generator(seed);
  DeterministicRandom random(mixed(seed, {subscribers, contacts, round}));
  const std::size_t subscribing = std::min(subscribers, (contacts + kOneSubscriberIn - 1) / kOneSubscriberIn);
  std::vector<std::pair<std::string, bool>> rows;
  rows.reserve(contacts);
  for (const std::size_t index : draw_different(random, subscribers, subscribing)) {
    rows.emplace_back(identifier_of(generator.subscriber(index).number), true);
  }
  for (const std::size_t index :
       draw_different(random, SubscriberGenerator::kMostOthers, contacts - subscribing)) {
    rows.emplace_back(identifier_of(generator.other_number(index)), false);
  }
  for (std::size_t i = rows.size(); i > 1; --i) {
    std::swap(rows[i - 1], rows[static_cast<std::size_t>(random.below(i))]);
  }
  AddressBook out;
  out.contacts.reserve(contacts);
  for (auto& [identifier, subscribes] : rows) {
    if (subscribes) {
      out.subscribing.push_back(out.contacts.size());
    }
    out.contacts.push_back(std::move(identifier));
  }
  return out;
}

Mistakes compare_with_truth(const AddressBook& book, const std::vector<std::size_t>& matches) {
  const bool ascend =
      std::adjacent_find(matches.begin(), matches.end(), std::greater_equal<>()) == matches.end();
  if (!ascend || (!matches.empty() && matches.back() >= book.contacts.size())) {
    throw std::runtime_error("its matches are no positions of contacts in ascending order");
  }
  std::vector<std::size_t> right;
  std::set_intersection(matches.begin(), matches.end(), book.subscribing.begin(), book.subscribing.end(),
                        std::back_inserter(right));
  return {.missed = book.subscribing.size() - right.size(), .false_matches = matches.size() - right.size()};
}

}  // namespace blindbook::bench
