#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// Who subscribes and who asks for whom: the same for every protocol, made out of a seed by each process for itself.
namespace blindbook::bench {

/// The bounds of what can be compared, both of the numbers that are invented.
/// @{
inline constexpr std::size_t kMostSubscribers = 90'000'000;
inline constexpr std::size_t kMostContacts = 1'000'000;
/// @}

/// What make_subscribers() takes, in bytes for each: a string and the number that it holds.
inline constexpr std::uint64_t kSubscriberBytes = 72;

/// The identifiers of the first `count` subscribers of that seed; `count` is at most kMostSubscribers.
[[nodiscard]] std::vector<std::string> make_subscribers(std::uint64_t seed, std::size_t count);

/// The contacts of one round, in random order, each once. A quarter of them subscribe, as far as there are so many.
struct AddressBook {
  std::vector<std::string> contacts;
  std::vector<std::size_t> subscribing;  ///< positions, ascending
};

/// `contacts` is at most kMostContacts. Each round has contacts of its own.
[[nodiscard]] AddressBook make_address_book(std::uint64_t seed, std::size_t subscribers, std::size_t contacts,
                                            std::size_t round);

/// What a protocol's answer lacks, and what it has too much.
struct Mistakes {
  std::size_t missed = 0;
  std::size_t false_matches = 0;
};
/// `matches` are positions, ascending. Throws std::runtime_error when they are not, or beyond the contacts.
[[nodiscard]] Mistakes compare_with_truth(const AddressBook& book, const std::vector<std::size_t>& matches);

}  // namespace blindbook::bench
