// A party that knows the protocols of the comparison, the example of the documents, and those that go wrong.
#include <span>

#include "tests/bench/baselines/example.h"
#include "tests/bench/comparison/party.h"
#include "tests/bench/comparison/tests/bad_protocols.h"

int main(int argc, char** argv) {
  using namespace blindbook::bench;
  const std::span words(const_cast<const char* const*>(argv), static_cast<std::size_t>(argc));
  if (words.size() < 2 || words[1] != kPartyOption) {
    return 2;
  }
  return run_party(words.subspan(2), [](std::string_view name) {
    static const Protocol kExample = example_protocol();
    if (name == kExample.name) {
      return &kExample;
    }
    const Protocol* const bad = find_bad_protocol(name);
    return bad != nullptr ? bad : find_protocol(name);
  });
}
