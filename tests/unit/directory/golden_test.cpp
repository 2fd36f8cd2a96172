#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include <catch2/catch.hpp>

#include "blindbook/directory/label.h"
#include "blindbook/directory/label_seal.h"
#include "blindbook/directory/tag.h"

#include "tests/support/directory_rows.h"
#include "tests/support/vectors.h"

// tests/vectors/directory was written by tests/tools/make_directory_vectors.py, which shares no code with the
// library.

using namespace blindbook;
using namespace blindbook::directory;
using test_support::hex_bytes;
using test_support::read_vectors;

namespace {

struct Golden {
  explicit Golden(const std::string& name)
      : json(read_vectors("directory/" + name + ".json")),
        file(test_support::read_vector_file("directory/" + name + ".bbd")),
        epoch(std::span<const std::uint8_t, 16>(hex_bytes(json.at("epoch_id")))),
        root(std::span<const std::uint8_t, 32>(hex_bytes(json.at("root")))) {}

  SuiteId suite() const { return SuiteId{json.at("suite").get<std::uint8_t>()}; }
  Edition edition() const { return Edition(json.at("edition").get<std::uint32_t>()); }
  std::uint16_t label_bytes() const { return json.at("label_bytes").get<std::uint16_t>(); }
  std::string label_template() const { return json.at("label_template").get<std::string>(); }
  ExpectedHeader announced() const {
    return {.suite = suite(),
            .epoch = epoch,
            .edition = edition(),
            .entries = json.at("rows").size(),
            .label_bytes = label_bytes(),
            .label_template = label_template(),
            .file_size = file.size()};
  }

  nlohmann::json json;
  Bytes file;
  EpochId epoch;
  Root root;
};

}  // namespace

TEST_CASE("golden directories are built byte for byte") {
  for (const char* name : {"empty", "one-entry", "tags-only", "labels", "labels-p256"}) {
    CAPTURE(name);
    const Golden golden(name);
    REQUIRE(!golden.file.empty());
    const auto shared = LabelTemplate::parse(golden.label_template()).value();
    const LabelSealer sealer(golden.suite(), golden.epoch, golden.label_bytes());
    Builder builder(golden.suite(), golden.epoch, golden.edition(), golden.label_bytes(),
                    golden.label_template());
    for (const auto& row : golden.json.at("rows")) {
      const Bytes prf_output = hex_bytes(row.at("prf_output"));
      Bytes sealed(sealed_bytes(golden.label_bytes()));
      if (!sealed.empty()) {
        REQUIRE(sealer.seal(prf_output, shared.strip(row.at("label").get<std::string>()).value(), sealed));
        CHECK(sealed == hex_bytes(row.at("sealed")));
        CHECK(to_hex(sealer.handle(prf_output).value()) == row.at("handle").get<std::string>());
      }
      builder.add(tag_of(prf_output), sealed);
    }
    CHECK(builder.size() == golden.json.at("rows").size());
    const Bytes built = std::move(builder).finish().value();
    CHECK(built == golden.file);
    CHECK(root_of(built) == golden.root);
    CHECK(parse_header(built)->rice == golden.json.at("rice").get<unsigned>());
  }
}

TEST_CASE("golden directories give every subscriber the own labels") {
  for (const char* name : {"labels", "labels-p256"}) {
    CAPTURE(name);
    const Golden golden(name);
    const auto shared = LabelTemplate::parse(golden.label_template()).value();
    const LabelSealer sealer(golden.suite(), golden.epoch, golden.label_bytes());
    std::vector<Bytes> outputs;
    std::vector<Tag> own;
    std::multiset<std::pair<std::string, std::string>> published;
    for (const auto& row : golden.json.at("rows")) {
      const std::string hex = row.at("prf_output").get<std::string>();
      published.emplace(hex, row.at("label").get<std::string>());
      if (published.size() == 1 ||
          std::find(outputs.begin(), outputs.end(), hex_bytes(hex)) == outputs.end()) {
        outputs.push_back(hex_bytes(hex));
        own.push_back(tag_of(outputs.back()));
      }
    }
    auto found = test_support::read_directory(golden.file, golden.announced(), own, 100);
    REQUIRE(found);
    const auto matches = std::move(*found).verify(golden.root);
    REQUIRE(matches);
    std::multiset<std::pair<std::string, std::string>> opened;
    for (const Match& match : matches->matches) {
      if (const auto label = sealer.open(outputs[match.own_index], match.sealed)) {
        opened.emplace(to_hex(outputs[match.own_index]), shared.fill(*label));
      }
    }
    CHECK(opened == published);
  }
}
