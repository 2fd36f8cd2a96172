#include "tests/fuzz/fuzz.h"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace blindbook::fuzz {

void require(bool holds, std::string_view property) {
  if (!holds) {
    std::fprintf(stderr, "broken property: %s\n", std::string(property).c_str());
    std::abort();
  }
}

void require_refusal(const Error& error, Fault fault, std::initializer_list<std::string_view> rules) {
  if (error.fault != fault || std::find(rules.begin(), rules.end(), error.rule) == rules.end()) {
    std::fprintf(stderr, "refused by %s (%s)\n", std::string(error.rule).c_str(),
                 std::string(name(error.fault)).c_str());
    require(false, "an input is refused by a rule that the call documents");
  }
  require(!error.message.empty(), "an error says what is wrong");
}

std::uint64_t seed_of(ByteView input) {
  std::uint64_t hash = 0xcbf2'9ce4'8422'2325;  // FNV-1a
  for (const std::uint8_t byte : input) {
    hash = (hash ^ byte) * 0x0000'0100'0000'01b3;
  }
  return hash;
}

std::string_view take_until(std::string_view& text, char separator) {
  const std::size_t at = std::min(text.find(separator), text.size());
  const std::string_view front = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return front;
}

}  // namespace blindbook::fuzz

/// The name that engines call. noexcept: nothing may throw on a peer's bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) noexcept;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) noexcept {
  blindbook::fuzz::run({data, size});
  return 0;
}
