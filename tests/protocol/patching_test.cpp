#include "blindbook/protocol/patching.h"

#include <map>
#include <string>

#include <catch2/catch.hpp>

#include "blindbook/directory/patch_algebra.h"
#include "blindbook/hash/sha2.h"

#include "tests/protocol/in_memory_operator.h"

using namespace blindbook;
using namespace blindbook::protocol;
using namespace blindbook::test_support;

namespace {

/// A client that holds edition 1, and what is announced as edition 2.
struct Announced {
  Announced() {
    city.publish({{berlin(1), "anna"}, {berlin(2), "ben"}, {berlin(3), "carla"}});
    held = city.directory_file();
    city.publish({{berlin(1), "anna"}, {berlin(3), "carla"}, {berlin(4), "dora"}});
    patch = directory::difference(directory::decode_directory(held).value(),
                                  directory::decode_directory(city.directory_file()).value())
                .value();
  }
  /// The rule that refuses `sent` where the file of `patch` is announced; "applied" when none does.
  [[nodiscard]] std::string rule_for(const Bytes& sent) const {
    return rule_for(sent, directory::encode_patch(patch));
  }
  [[nodiscard]] std::string rule_for(const Bytes& sent, const Bytes& file) const {
    const AnnouncedPatch announced{
        .from = Edition(1), .size = file.size(), .sha256 = Digest(hash::sha256({file}))};
    const auto applied = apply_announced_patch(held, sent, announced, city.epoch());
    if (!applied) {
      CHECK(applied.error().fault == Fault::kPeerMisbehaved);
      return std::string(applied.error().rule);
    }
    CHECK(*applied == city.directory_file());
    return "applied";
  }
  /// As above, for another patch than the honest one, announced as it is.
  [[nodiscard]] std::string rule_for_signed(const directory::Patch& other) const {
    const Bytes file = directory::encode_patch(other);
    return rule_for(file, file);
  }

  InMemoryOperator city;
  Bytes held;
  directory::Patch patch;
};

}  // namespace

TEST_CASE_METHOD(Announced, "an announced patch leads to the announced directory") {
  CHECK(rule_for(directory::encode_patch(patch)) == "applied");
}

TEST_CASE_METHOD(Announced, "a patch that is not the announced one is refused") {
  Bytes altered = directory::encode_patch(patch);
  altered.back() ^= 1;
  CHECK(rule_for(altered) == "patch.file");
  Bytes longer = directory::encode_patch(patch);
  longer.push_back(0);
  CHECK(rule_for(longer) == "patch.file");
  CHECK(rule_for({}) == "patch.file");
}

TEST_CASE_METHOD(Announced, "an announced patch that leads elsewhere is refused") {
  directory::Patch other = patch;
  other.leavers.clear();
  CHECK(rule_for_signed(other) == "patch.root");
  other.leavers = {77};
  CHECK(rule_for_signed(other) == "patch.rank");
  other = patch;
  other.from = Edition(3), other.to = Edition(4);
  CHECK(rule_for_signed(other) == "patch.edition");
  CHECK(rule_for({1, 2, 3}, {1, 2, 3}) == "patch.header");
}

TEST_CASE_METHOD(Announced, "a damaged copy leads elsewhere") {
  const Bytes whole = held;
  std::map<std::string, int> rules;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    held = whole;
    held[at] ^= 1;
    ++rules[rule_for(directory::encode_patch(patch))];
  }
  const int label = static_cast<int>(directory::sealed_bytes(city.epoch().label_bytes));
  CHECK(rules["applied"] >= label);  // of the row that leaves anyway, and its tag
  CHECK(rules["applied"] <= label + 7);
  CHECK(rules["patch.root"] >= 2 * label);
  CHECK(rules["patch.edition"] > 0);
  held = whole;
  held.pop_back();
  CHECK(rule_for(directory::encode_patch(patch)) == "directory.size");
}

TEST_CASE_METHOD(Announced, "the patch from the held edition is found and named") {
  AnnouncedEpoch epoch = city.epoch();
  epoch.patches = {{.from = Edition(1), .size = 10, .sha256 = {}},
                   {.from = Edition(4), .size = 20, .sha256 = {}}};
  CHECK(patch_from(epoch, Edition(4)) == &epoch.patches[1]);
  CHECK(patch_from(epoch, Edition(2)) == nullptr);
  CHECK(patch_from(epoch, Edition(0)) == nullptr);
  epoch.patches[1].size = epoch.size - 1;
  CHECK(patch_from(epoch, Edition(4)) != nullptr);
  epoch.patches[1].size = epoch.size;  // no reason to hold so much in memory
  CHECK(patch_from(epoch, Edition(4)) == nullptr);
  CHECK(patch_name(EpochId(), Edition(3), Edition(12)) == "00000000000000000000000000000000/3-12");
}
