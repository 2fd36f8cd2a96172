#include <catch2/catch.hpp>

#include "blindbook/directory/page_index.h"
#include "blindbook/directory/root.h"

#include "tests/support/directory_rows.h"
#include "tests/support/vectors.h"

using namespace blindbook;
using test_support::hex_bytes;

TEST_CASE("files of the vector list are refused by the rule named there") {
  const auto vectors = test_support::read_vectors("directory/rejected.json");
  const EpochId epoch(std::span<const std::uint8_t, 16>(hex_bytes(vectors.at("epoch_id"))));
  REQUIRE(vectors.at("cases").size() == 28);
  for (const auto& vector : vectors.at("cases")) {
    const Bytes file = hex_bytes(vector.at("file"));
    const auto& said = vector.at("announced");
    const directory::ExpectedHeader expected{.suite = SuiteId{said.at("suite").get<std::uint8_t>()},
                                             .epoch = epoch,
                                             .edition = Edition(said.at("edition").get<std::uint32_t>()),
                                             .entries = said.at("entries").get<std::uint64_t>(),
                                             .label_bytes = said.at("label_bytes").get<std::uint16_t>(),
                                             .label_template = said.at("label_template").get<std::string>(),
                                             .file_size = file.size()};
    CAPTURE(vector.at("name").get<std::string>());
    const std::string rule = vector.at("rule").get<std::string>();
    for (const std::size_t chunk : {1u, 7u, 4096u}) {
      CHECK(test_support::rejecting_rule(file, expected, chunk) == rule);
    }
    const auto opened = directory::PageIndex::open(ByteView(file), directory::root_of(file));
    REQUIRE(!opened);
    CHECK(opened.error().fault == Fault::kPeerMisbehaved);
  }
}
