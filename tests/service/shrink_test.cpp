#include "blindbook/service/shrink.h"

#include <catch2/catch.hpp>

#include "blindbook/service/audit.h"

#include "tests/service/publish_fixture.h"

using namespace blindbook;
using namespace blindbook::service;

namespace {

/// Rows of subscribers, of whom the first `discoverable` agreed.
std::string rows_of(int count, int discoverable) {
  std::string out;
  for (int i = 0; i < count; ++i) {
    out += "+4930231250" + std::to_string(10 + i % 90) + std::to_string(i / 90) + ",label," +
           (i < discoverable ? "yes\n" : "no\n");
  }
  return out;
}

std::string_view verdict(const std::filesystem::path& trail, std::uint64_t before, std::uint64_t rows) {
  REQUIRE(append_audit(trail, kPublishNow, "publish", {{"rows", before}}));
  const Result<void> checked = check_shrink(trail, rows);
  return checked ? "none" : checked.error().rule;
}

}  // namespace

TEST_CASE("a list may lose a fifth of its rows and no more, from a hundred on") {
  const test_support::TemporaryFolder folder;
  const std::filesystem::path trail = folder / "audit.jsonl";
  CHECK(check_shrink(trail, 0));
  CHECK(verdict(trail, 1000, 800) == "none");
  CHECK(verdict(trail, 1000, 799) == "publish.shrink");
  CHECK(verdict(trail, 1000, 2000) == "none");
  CHECK(verdict(trail, 103, 82) == "publish.shrink");  // a fifth is 20.6
  CHECK(verdict(trail, 103, 83) == "none");
  CHECK(verdict(trail, 100, 79) == "publish.shrink");
  CHECK(verdict(trail, 99, 0) == "none");
  CHECK(verdict(trail, 100, 0) == "publish.shrink");
  CHECK(verdict(trail, ~std::uint64_t{0}, 1) == "publish.shrink");
  CHECK(verdict(trail, ~std::uint64_t{0}, ~std::uint64_t{0} - 1) == "none");
}

TEST_CASE("a list that lost more than a fifth of its rows is refused and the old edition stays") {
  PublishFixture fixture;
  static_cast<void>(fixture.publish_rows(rows_of(100, 100)));
  const Result<PublishReport> refused = fixture.try_publish(rows_of(79, 79));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().rule == "publish.shrink");
  CHECK((*fixture.folder.announcement())->announcement.seq == 1);
  // A refused list is none to compare with.
  CHECK(fixture.try_publish(rows_of(79, 79)).error().rule == "publish.shrink");

  fixture.options.allow_shrink = true;
  CHECK(fixture.publish_rows(rows_of(79, 79)).published == 79);
  fixture.options.allow_shrink = false;
  CHECK(fixture.publish_rows("").published == 0);  // fewer than a hundred before
}

TEST_CASE("all of a hundred who withdraw at once are withdrawn") {
  PublishFixture fixture;
  static_cast<void>(fixture.publish_rows(rows_of(100, 100)));
  const PublishReport report = fixture.publish_rows(rows_of(100, 0));
  CHECK(report.announcement.epochs.front().entries == 0);
}

TEST_CASE("rejected rows count as rows that were read") {
  PublishFixture fixture;
  static_cast<void>(fixture.publish_rows(rows_of(100, 100)));
  std::string rows = rows_of(60, 60);
  for (int i = 0; i < 40; ++i) {
    rows += "nonsense,label,yes\n";
  }
  CHECK(fixture.publish_rows(rows).published == 60);
}
