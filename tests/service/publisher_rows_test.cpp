#include <catch2/catch.hpp>

#include "tests/service/publish_fixture.h"

namespace blindbook::service {
namespace {

using protocol::LabelMode;

TEST_CASE("only rows that say so are published") {
  PublishFixture fixture;
  const PublishReport report = fixture.publish_rows(
      "+493023125001,a,yes\n"
      "+493023125002,b,no\n"
      "+493023125003,c,\n"
      "+493023125004,d,perhaps\n");
  CHECK(report.well_formed == 3);
  CHECK(report.published == 1);
  CHECK(fixture.faults() == Faults{{5, "discoverable-value"}});
  CHECK(fixture.find("+493023125001"));
  for (const char* number : {"+493023125002", "+493023125003", "+493023125004"}) {
    CHECK_FALSE(fixture.find(number));
  }
}

TEST_CASE("two rows with one number are both rejected") {
  PublishFixture fixture;
  const PublishReport report = fixture.publish_rows(
      "+493023125001,a,yes\n"
      "+493023125002,b,yes\n"
      "+49 30 23125001,c,yes\n"
      "+493023125003,d,no\n"
      "+493023125003,d,yes\n"
      "+493023125004,e,yes\n"
      "+493023125004,e,yes\n"
      "+493023125004,e,yes\n");
  CHECK(report.published == 1);
  CHECK(fixture.faults() == Faults{{2, "duplicate"},
                                   {4, "duplicate"},
                                   {5, "duplicate"},
                                   {6, "duplicate"},
                                   {7, "duplicate"},
                                   {8, "duplicate"},
                                   {9, "duplicate"}});
  CHECK_FALSE(fixture.find("+493023125001"));
  CHECK_FALSE(fixture.find("+493023125003"));
  CHECK(fixture.find("+493023125002") == "b");
}

TEST_CASE("a row whose label is refused still makes its number a duplicate") {
  PublishFixture fixture;
  const PublishReport report = fixture.publish_rows(
      "+493023125001,a,yes\n"
      "+493023125001,\"a\x01\",yes\n"
      "+493023125002,b,yes\n");
  CHECK(report.published == 1);
  CHECK(fixture.faults() == Faults{{2, "duplicate"}, {3, "label-syntax"}});
}

TEST_CASE("a row that is rejected for anything else still makes its number a duplicate") {
  PublishFixture fixture;
  const PublishReport report = fixture.publish_rows(
      "+493023125001,a,yes\n"
      "+49 30 23125001,a,nein\n"
      "+493023125002,b,yes\n"
      "+493023125002,b,yes,more\n"
      "+493023125003,c,yes\n"
      "+493023125003,\"c,yes\n"
      "+493023125004,d,yes\n"
      "+493023125005,e,nein\n");
  CHECK(report.published == 1);
  CHECK(fixture.faults() == Faults{{2, "duplicate"},
                                   {3, "discoverable-value"},
                                   {4, "duplicate"},
                                   {5, "columns"},
                                   {6, "duplicate"},
                                   {7, "damaged-row"},
                                   {9, "discoverable-value"}});
  CHECK_FALSE(fixture.find("+493023125001"));
  CHECK(fixture.find("+493023125004") == "d");
}

TEST_CASE("without a region only numbers with a plus are published") {
  PublishFixture fixture;
  const PublishReport report = fixture.publish_rows(
      "030 23125001,a,yes\n"
      "00493023125002,b,yes\n"
      "493023125003,c,yes\n"
      "+493023125004,d,yes\n");
  CHECK(report.published == 1);
  CHECK(fixture.faults() == Faults{{2, "no-region"}, {3, "no-region"}, {4, "no-region"}});
}

TEST_CASE("with a region national numbers are published") {
  PublishFixture fixture;
  fixture.options.region = std::string("DE");
  const PublishReport report = fixture.publish_rows("030 23125001,a,yes\n00493023125002,b,yes\n");
  CHECK(report.published == 2);
  CHECK(fixture.find("+493023125001") == "a");
}

TEST_CASE("a number that is only probably right is not published") {
  PublishFixture fixture;
  fixture.options.region = std::string("DE");
  const PublishReport report = fixture.publish_rows(
      "49 171 3920099,a,yes\n"
      "0171 3920011 / 0171 3920012,b,yes\n"
      "030 23125001,c,yes\n");
  CHECK(report.published == 1);
  CHECK(fixture.faults() == Faults{{2, "country-code-without-plus"}, {3, "second-number"}});
}

TEST_CASE("numbers that cannot be are rejected by their reason") {
  PublishFixture fixture;
  const PublishReport report = fixture.publish_rows(
      "+49,a,yes\n"
      "alice,b,yes\n"
      ",c,yes\n"
      "+493023125001,d,yes\n");
  CHECK(report.published == 1);
  CHECK(fixture.rejected.size() == 3);
}

TEST_CASE("labels are stripped of the template and given back whole") {
  PublishFixture fixture;
  fixture.options.labels.label_template = std::string("@{}:city.example");
  const PublishReport report = fixture.publish_rows(
      "+493023125001,@anna:city.example,yes\n"
      "+493023125002,@bert:town.example,yes\n"
      "+493023125003,,yes\n");
  CHECK(report.announcement.epochs.front().label_bytes == 24);
  CHECK(report.announcement.epochs.front().label_template == "@{}:city.example");
  CHECK(fixture.faults() == Faults{{3, "label-template"}, {4, "label-template"}});
  CHECK(fixture.find("+493023125001") == "@anna:city.example");
}

TEST_CASE("the label field fits the longest published label") {
  PublishFixture fixture;
  const PublishReport report = fixture.publish_rows("+493023125001," + std::string(31, 'x') +
                                                    ",yes\n"
                                                    "+493023125002," +
                                                    std::string(300, 'y') + ",no\n");
  CHECK(report.announcement.epochs.front().label_bytes == 40);
}

TEST_CASE("labels beyond the field or of other characters are rejected") {
  PublishFixture fixture;
  fixture.options.labels.label_bytes = 10;
  const PublishReport report = fixture.publish_rows(
      "+493023125001,12345678,yes\n"
      "+493023125002,123456789,yes\n"
      "+493023125003,\"a\tb\",yes\n"
      "+493023125004,a\xFF,yes\n"
      "+493023125005,a\xE2\x80\xAE"
      "b,yes\n");
  CHECK(report.published == 1);
  CHECK(fixture.faults() ==
        Faults{{3, "label-length"}, {4, "label-syntax"}, {5, "label-syntax"}, {6, "label-syntax"}});
}

TEST_CASE("without labels none is looked at") {
  PublishFixture fixture;
  fixture.options.labels.mode = LabelMode::kNone;
  const PublishReport report = fixture.publish_rows("+493023125001,a\xFF,yes\n");
  CHECK(report.published == 1);
  CHECK(report.announcement.epochs.front().label_mode == LabelMode::kNone);
  CHECK(report.announcement.epochs.front().label_bytes == 0);
  CHECK(fixture.find("+493023125001") == "");
}

}  // namespace
}  // namespace blindbook::service
