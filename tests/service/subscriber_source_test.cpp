#include <fstream>
#include <vector>

#include <catch2/catch.hpp>

#include "blindbook/service/sources/open.h"

#include "tests/support/temporary_folder.h"

namespace blindbook::service {
namespace {

using test_support::TemporaryFolder;

struct Fixture {
  TemporaryFolder folder;

  std::unique_ptr<SubscriberSource> source(std::string_view text, const char* name = "file.csv") {
    std::ofstream(folder / name, std::ios::binary) << text;
    Result<std::unique_ptr<SubscriberSource>> opened =
        open_subscriber_source({.source = (folder / name).string()});
    REQUIRE(opened);
    return std::move(*opened);
  }
  std::vector<SubscriberRow> rows(std::string_view text, const char* name = "file.csv") {
    const std::unique_ptr<SubscriberSource> opened = source(text, name);
    std::vector<SubscriberRow> out;
    SubscriberRow row;
    Result<bool> more = opened->next(row);
    for (; more && *more; more = opened->next(row)) {
      out.push_back(row);
    }
    REQUIRE(more);
    return out;
  }
  std::string_view fault_of_row(std::string_view text, const char* name = "file.csv") {
    const std::vector<SubscriberRow> all = rows(text, name);
    REQUIRE(all.size() == 1);
    return all.front().fault;
  }
};

TEST_CASE("csv columns are found by name in any order and among others") {
  Fixture fixture;
  const auto rows = fixture.rows("id,discoverable,label,number\n7,yes,@anna:city.example,+493023125001\n");
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].fault.empty());
  CHECK(rows[0].line == 2);
  CHECK(rows[0].number == "+493023125001");
  CHECK(rows[0].label == "@anna:city.example");
  CHECK(rows[0].discoverable);
}

TEST_CASE("rows keep the line on which they begin") {
  Fixture fixture;
  const auto rows = fixture.rows("number,label,discoverable\r\n1,\"one, line\",no\r\n\r\n2,b,yes");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].line == 2);
  CHECK(rows[0].label == "one, line");
  CHECK(rows[1].line == 4);
}

TEST_CASE("only yes and true and 1 make a subscriber discoverable") {
  Fixture fixture;
  for (const char* word : {"yes", "true", "1", "Yes", "TRUE", " yes "}) {
    CHECK(fixture.rows("number,label,discoverable\n1,a," + std::string(word) + "\n").front().discoverable);
  }
  for (const char* word : {"no", "false", "0", "", "No"}) {
    const auto rows = fixture.rows("number,label,discoverable\n1,a," + std::string(word) + "\n");
    CHECK(rows.front().fault.empty());
    CHECK_FALSE(rows.front().discoverable);
  }
  for (const char* word : {"y", "yess", "2", "ja"}) {
    const auto rows = fixture.rows("number,label,discoverable\n1,a," + std::string(word) + "\n");
    CHECK(rows.front().fault == "discoverable-value");
    CHECK_FALSE(rows.front().discoverable);
  }
}

TEST_CASE("a damaged row is named and the next one is read") {
  Fixture fixture;
  const auto rows = fixture.rows(
      "number,label,discoverable\n"
      "1,a\n"
      "1,a,yes,more\n"
      "1,\"a\"b,yes\n"
      "2,b,yes\n");
  REQUIRE(rows.size() == 4);
  CHECK(rows[0].fault == "columns");
  CHECK(rows[1].fault == "columns");
  CHECK(rows[2].fault == "damaged-row");
  CHECK(rows[2].line == 4);
  CHECK(rows[3].fault.empty());
  CHECK(rows[3].number == "2");
}

TEST_CASE("a stray quote costs its own line and no other") {
  Fixture fixture;
  std::string text("number,label,discoverable\n");
  for (int i = 2; i <= 1000; ++i) {
    text += std::to_string(i) + (i == 100 ? ",\"label,yes\n" : ",label,yes\n");
  }
  const auto rows = fixture.rows(text);
  REQUIRE(rows.size() == 999);
  for (const SubscriberRow& row : rows) {
    CHECK(row.fault == (row.line == 100 ? "damaged-row" : ""));
    CHECK(row.number == std::to_string(row.line));
  }
}

TEST_CASE("of a row with a fault the number is kept") {
  Fixture fixture;
  const auto rows = fixture.rows(
      "number,label,discoverable\n"
      "1,a,yes,more\n"
      "2,\"a,yes\n"
      "3,a,nein\n");
  REQUIRE(rows.size() == 3);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CHECK_FALSE(rows[i].fault.empty());
    CHECK(rows[i].number == std::to_string(i + 1));
  }
  const auto json =
      fixture.rows("{\"number\":\"1\",\"label\":null,\"discoverable\":true}\n{}\n", "file.jsonl");
  REQUIRE(json.size() == 2);
  CHECK(json[0].number == "1");
  CHECK(json[1].number.empty());
}

TEST_CASE("a list without its columns is refused") {
  Fixture fixture;
  for (const char* text : {"", "number,label\n", "number,label,discoverable,number\n",
                           "+493023125001,@anna,yes\n", "number;label;discoverable\n"}) {
    SubscriberRow row;
    const auto source = fixture.source(text);
    const Result<bool> next = source->next(row);
    REQUIRE_FALSE(next);
    CHECK(next.error().fault == Fault::kBadInput);
    CHECK(next.error().rule == "source.header");
  }
}

TEST_CASE("a header alone is a list of nobody") {
  Fixture fixture;
  CHECK(fixture.rows("\xEF\xBB\xBFnumber,label,discoverable\n").empty());
}

TEST_CASE("json lines have the three names of the csv") {
  Fixture fixture;
  const auto rows = fixture.rows(
      "{\"number\":\"+493023125001\",\"label\":\"a\",\"discoverable\":\"yes\",\"id\":7}\n"
      "\n"
      "{\"discoverable\":true,\"label\":\"b\",\"number\":\"2\"}\r\n"
      "{\"discoverable\":0,\"label\":\"c\",\"number\":\"3\"}",
      "file.jsonl");
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].number == "+493023125001");
  CHECK(rows[0].discoverable);
  CHECK(rows[1].line == 3);
  CHECK(rows[1].discoverable);
  CHECK(rows[2].line == 4);
  CHECK_FALSE(rows[2].discoverable);
}

TEST_CASE("json lines may begin with a byte order mark and only there") {
  Fixture fixture;
  const std::string row = R"({"number":"+493023125001","label":"a","discoverable":true})";
  const auto rows = fixture.rows("\xEF\xBB\xBF" + row + "\n\xEF\xBB\xBF" + row + "\n", "file.jsonl");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].fault.empty());
  CHECK(rows[1].fault == "json");
}

TEST_CASE("a json line of another shape is named and the next one is read") {
  Fixture fixture;
  for (const char* line : {"{", "[]", "{\"number\":\"1\",\"label\":\"a\"}", "null",
                           "{\"number\":1,\"label\":\"a\",\"discoverable\":true}",
                           "{\"number\":\"1\",\"label\":null,\"discoverable\":true}",
                           "{\"number\":\"1\",\"number\":\"2\",\"label\":\"a\",\"discoverable\":true}"}) {
    CHECK(fixture.fault_of_row(line, "file.jsonl") == "json");
  }
  for (const char* value : {"null", "2", "-1", "\"maybe\"", "[]"}) {
    CHECK(fixture.fault_of_row(R"({"number":"1","label":"a","discoverable":)" + std::string(value) + "}",
                               "file.jsonl") == "discoverable-value");
  }
}

TEST_CASE("a row of any length takes bounded memory and is named") {
  Fixture fixture;
  const std::string huge(1'000'000, 'x');
  const auto json =
      fixture.rows(huge + "\n{\"number\":\"2\",\"label\":\"b\",\"discoverable\":true}\n", "file.jsonl");
  REQUIRE(json.size() == 2);
  CHECK(json[0].fault == "json");
  CHECK(json[1].number == "2");
  const auto csv = fixture.rows("number,label,discoverable\n1," + huge + ",yes\n2,b,yes\n");
  REQUIRE(csv.size() == 2);
  CHECK(csv[0].fault == "damaged-row");
  CHECK(csv[1].number == "2");
}

TEST_CASE("rows that straddle the chunks of a file are read whole") {
  Fixture fixture;
  std::string text("number,label,discoverable\n");
  for (int i = 0; i < 40'000; ++i) {
    text += std::to_string(i) + ",@label" + std::to_string(i) + ":city.example,yes\n";
  }
  const auto source = fixture.source(text);
  CHECK(source->bytes_total() == text.size());
  SubscriberRow row;
  for (int i = 0; i < 40'000; ++i) {
    REQUIRE(*source->next(row));
    REQUIRE(row.label == "@label" + std::to_string(i) + ":city.example");
    REQUIRE(row.line == static_cast<std::size_t>(i) + 2);
  }
  CHECK_FALSE(*source->next(row));
  CHECK(source->bytes_read() == text.size());
}

TEST_CASE("a source that cannot be opened is refused") {
  Fixture fixture;
  CHECK(open_subscriber_source({.source = (fixture.folder / "missing.csv").string()}).error().rule ==
        "file.open");
  CHECK(open_subscriber_source({.source = fixture.folder.path().string()}).error().rule == "file.open");
}

}  // namespace
}  // namespace blindbook::service
