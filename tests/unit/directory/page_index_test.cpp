#include "blindbook/directory/page_index.h"

#include <algorithm>

#include <catch2/catch.hpp>

#include "tests/support/directory_rows.h"

using namespace blindbook;
using namespace blindbook::directory;
using namespace blindbook::test_support;

TEST_CASE("the page index finds all rows of each tag and no others") {
  DeterministicRandom random(11);
  for (const std::size_t count : {0u, 1u, 2u, 63u, 64u, 65u, 128u, 129u, 1000u}) {
    for (const unsigned tag_bits : {0u, 1u, 6u, 10u, 56u}) {
      auto rows = random_rows(random, count, 3, tag_bits);
      const Bytes file = build_directory(rows, 3);
      std::sort(rows.begin(), rows.end());
      const auto index = PageIndex::open(ByteView(file), root_of(file)).value();
      CAPTURE(count, tag_bits);

      std::vector<std::uint64_t> asked{0, 1, (std::uint64_t{1} << 56) - 1};
      for (const DirectoryRow& row : rows) {
        asked.push_back(row.tag);
        asked.push_back(row.tag ^ 1);
      }
      std::size_t right = 0;
      for (const std::uint64_t tag : asked) {
        const auto less = [](const DirectoryRow& row, std::uint64_t value) { return row.tag < value; };
        const auto first = std::lower_bound(rows.begin(), rows.end(), tag, less);
        const auto last = std::lower_bound(first, rows.end(), tag + 1, less);
        const PageIndex::Rows found = index.find(Tag(tag));
        bool equal = found.count == static_cast<std::uint64_t>(last - first);
        for (std::uint64_t i = 0; equal && i < found.count; ++i) {
          const ByteView sealed = index.sealed(found.first_rank + i);
          equal =
              std::equal(sealed.begin(), sealed.end(), first[static_cast<std::ptrdiff_t>(i)].sealed.begin(),
                         first[static_cast<std::ptrdiff_t>(i)].sealed.end());
        }
        right += equal ? 1 : 0;
      }
      CHECK(right == asked.size());
    }
  }
}

TEST_CASE("the page index opens only the file of its root") {
  DeterministicRandom random(12);
  Bytes file = build_directory(random_rows(random, 70, 2), 2);
  const Root root = root_of(file);
  for (std::size_t i = 0; i < file.size(); i += 13) {
    file[i] ^= 1;
    CHECK(PageIndex::open(ByteView(file), root).error().rule == "directory.root");
    file[i] ^= 1;
  }
  CHECK(PageIndex::open(ByteView(file), root));
}

TEST_CASE("the page index may own its file and be moved") {
  DeterministicRandom random(13);
  const auto rows = random_rows(random, 100, 0);
  Bytes file = build_directory(rows, 0);
  const Root root = root_of(file);
  auto opened = PageIndex::open(std::move(file), root).value();
  const PageIndex index = std::move(opened);
  CHECK(index.find(Tag(rows[17].tag)).count == 1);
  CHECK(index.sealed(17).empty());
  CHECK(index.header().entries == 100);
}
