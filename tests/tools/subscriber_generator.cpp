#include "tests/tools/subscriber_generator.h"

#include <array>
#include <numeric>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace blindbook::test_tools {
namespace {

struct Block {
  std::string_view prefix;
  std::size_t digits;
  std::size_t count;
};
constexpr std::array<Block, 8> kBlocks{{{"+493023125", 3, 1'000},
                                        {"+496990009", 3, 1'000},
                                        {"+494066969", 3, 1'000},
                                        {"+492214710", 3, 1'000},
                                        {"+498999998", 3, 1'000},
                                        {"+4917139200", 2, 100},
                                        {"+49176040690", 2, 100},
                                        {"+3363998", 4, 10'000}}};

constexpr std::uint64_t kSubscriberRange = 90'000'000;
constexpr std::uint64_t kOtherRange = 10'000'000;
/// Coprime to both ranges, so that multiplying by it visits every number once.
constexpr std::uint64_t kStride = 7'654'321;

constexpr std::array<std::string_view, 24> kFirstNames{"Anna",  "Bert",   "Clara", "David", "Elif",   "Finn",
                                                       "Greta", "Hannes", "Ida",   "Jonas", "Katrin", "Lukas",
                                                       "Mira",  "Nils",   "Olga",  "Paul",  "Renate", "Samir",
                                                       "Tanja", "Uwe",    "Vera",  "Wolf",  "Yusuf",  "Zoe"};
constexpr std::array<std::string_view, 20> kLastNames{"Weber",    "Schmidt", "Fischer", "Wagner", "Becker",
                                                      "Hoffmann", "Koch",    "Richter", "Klein",  "Wolf",
                                                      "Neumann",  "Schwarz", "Zimmer",  "Braun",  "Hartmann",
                                                      "Lange",    "Krause",  "Lehmann", "Kaiser", "Vogel"};

std::string padded(std::uint64_t value, std::size_t digits) {
  std::string text = std::to_string(value);
  text.insert(0, digits - text.size(), '0');
  return text;
}

std::string fictional_number(std::size_t index) {
  for (const Block& block : kBlocks) {
    if (index < block.count) {
      std::string number(block.prefix);
      return number.append(padded(index, block.digits));
    }
    index -= block.count;
  }
  // Area codes are 200 to 999, but for those that end in 11.
  std::size_t area = 200 + index / 100;
  for (std::size_t service = 211; service <= area; service += 100) {
    ++area;
  }
  return std::string("+1").append(std::to_string(area)).append("55501").append(padded(index % 100, 2));
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

}  // namespace

SubscriberGenerator::SubscriberGenerator(std::uint64_t seed) : seed_(seed), fictional_order_(kFictional) {
  std::iota(fictional_order_.begin(), fictional_order_.end(), 0U);
  for (std::size_t i = fictional_order_.size(); i > 1; --i) {
    std::swap(fictional_order_[i - 1], fictional_order_[draw(0, i, i)]);
  }
}

Subscriber SubscriberGenerator::subscriber(std::size_t index) const {
  if (index >= kMostSubscribers) {
    throw std::out_of_range("there are no so many subscribers");
  }
  const PersonName name = person_name(draw(1, index, 1'000'000));
  Subscriber out;
  out.number = index < kFictional
                   ? fictional_number(fictional_order_[index])
                   : std::string("+4914").append(padded(
                         ((index - kFictional) * kStride + seed_ % kSubscriberRange) % kSubscriberRange, 8));
  out.label = std::string("@").append(lower(name.first)).append(".").append(lower(name.last));
  out.label.append(std::to_string(index)).append(":city.example");
  out.discoverable = draw(2, index, 20) != 0;
  return out;
}

std::string SubscriberGenerator::other_number(std::size_t index) const {
  if (index >= kMostOthers) {
    throw std::out_of_range("there are no so many other numbers");
  }
  return std::string("+4914").append(
      padded(kSubscriberRange + (index * kStride + seed_ % kOtherRange) % kOtherRange, 8));
}

std::uint64_t SubscriberGenerator::draw(std::uint64_t purpose, std::uint64_t index,
                                        std::uint64_t bound) const {
  // SplitMix64 (Steele, Lea, Flood 2014) over seed, purpose and index.
  std::uint64_t z = seed_ + (purpose << 56) + (index + 1) * 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return (z ^ (z >> 31)) % bound;
}

PersonName person_name(std::uint64_t draw) {
  return {std::string(kFirstNames[draw % kFirstNames.size()]),
          std::string(kLastNames[draw / kFirstNames.size() % kLastNames.size()])};
}

}  // namespace blindbook::test_tools
