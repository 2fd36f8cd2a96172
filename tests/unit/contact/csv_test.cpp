#include "blindbook/contact/csv.h"

#include <catch2/catch.hpp>

namespace blindbook::contact {
namespace {

using Fields = std::vector<std::string>;

std::vector<CsvRecord> read(std::string_view text, CsvOptions options = {}) {
  std::vector<CsvRecord> out;
  CsvReader reader(options);
  const auto drain = [&] {
    while (const CsvRecord* record = reader.next()) {
      out.push_back(*record);
    }
  };
  reader.push(text);
  drain();
  reader.finish();
  drain();
  return out;
}

TEST_CASE("csv records are fields between delimiters") {
  const auto records = read("a,b,c\r\n1,,3\r\n");
  REQUIRE(records.size() == 2);
  CHECK(records[0].fields == Fields{"a", "b", "c"});
  CHECK(records[1].fields == Fields{"1", "", "3"});
  CHECK(records[1].line == 2);
  CHECK(records[1].terminated);
  CHECK_FALSE(records[1].fault.has_value());
}

TEST_CASE("csv quotes hold delimiters and quotes and line ends") {
  const auto records = read("\"a,b\",\"say \"\"hi\"\"\",\"x\r\ny\nz\",\"\"\nnext\n");
  REQUIRE(records.size() == 2);
  CHECK(records[0].fields == Fields{"a,b", "say \"hi\"", "x\r\ny\nz", ""});
  CHECK(records[1].line == 4);
}

TEST_CASE("csv lines end in cr lf or cr or lf") {
  const auto records = read("a\r\nb\rc\nd\r\r\n\ne");
  REQUIRE(records.size() == 5);
  CHECK(records[3].line == 4);
  CHECK(records[4].fields == Fields{"e"});
  CHECK(records[4].line == 7);
}

TEST_CASE("csv counts the lines inside quotes") {
  CHECK(read("\"x\ry\nz\"\nb\n").at(1).line == 4);
  CHECK(read("\"x\r\n\n\"\nb\n").at(1).line == 4);
}

TEST_CASE("csv without a line end at its end yields its last record unterminated") {
  const auto records = read("a,b\n1,");
  REQUIRE(records.size() == 2);
  CHECK(records[1].fields == Fields{"1", ""});
  CHECK_FALSE(records[1].terminated);
}

TEST_CASE("csv drops a byte order mark at its start only") {
  CHECK(read("\xEF\xBB\xBF"
             "a\n\xEF\xBB\xBF"
             "b\n")[0]
            .fields == Fields{"a"});
  CHECK(read("\xEF\xBB\xBF"
             "a\n\xEF\xBB\xBF"
             "b\n")[1]
            .fields == Fields{"\xEF\xBB\xBF"
                              "b"});
  CHECK(read("\xEF\xBB\xBF\"a,b\"\n")[0].fields == Fields{"a,b"});
}

TEST_CASE("csv keeps what only begins like a byte order mark") {
  CHECK(read("\xEF\xBBx,y\n")[0].fields == Fields{"\xEF\xBBx", "y"});
  CHECK(read("\xEF")[0].fields == Fields{"\xEF"});
}

TEST_CASE("csv keeps a quote inside an unquoted field") {
  const auto records = read("5\" disk,a \"b\" c\n");
  CHECK(records[0].fields == Fields{"5\" disk", "a \"b\" c"});
  CHECK_FALSE(records[0].fault.has_value());
}

TEST_CASE("csv reports text behind a closing quote") {
  const auto records = read("\"a\"b,c\nd\n");
  REQUIRE(records.size() == 2);
  CHECK(records[0].fields == Fields{"ab", "c"});
  CHECK(records[0].fault == CsvFault::kTextAfterQuote);
  CHECK_FALSE(records[1].fault.has_value());
}

TEST_CASE("csv reports a quote that is never closed") {
  const auto records = read("a\nb,\"c\nd\n");
  REQUIRE(records.size() == 2);
  CHECK(records[1].fault == CsvFault::kUnclosedQuote);
  CHECK(records[1].line == 2);
}

TEST_CASE("csv in which lines end records reports an unclosed quote and goes on with the next line") {
  const CsvOptions options{.max_record_bytes = 200, .line_breaks_in_quotes = false};
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    const auto records = read("a,\"b" + end + "c,\"d, e\"" + end + "\"" + std::string(300, 'x') + end + end +
                                  "\"f\"g" + end + "h\"" + end + "\"\"\"" + end + "\"i",
                              options);
    REQUIRE(records.size() == 7);
    CHECK(records[0].fault == CsvFault::kUnclosedQuote);
    CHECK(records[0].line == 1);
    CHECK(records[0].terminated);
    CHECK_FALSE(records[1].fault.has_value());
    CHECK(records[1].fields == Fields{"c", "d, e"});
    CHECK(records[1].line == 2);
    CHECK(records[2].fault == CsvFault::kTooLong);
    CHECK(records[2].line == 3);
    CHECK(records[3].fault == CsvFault::kTextAfterQuote);
    CHECK(records[3].line == 5);
    CHECK(records[4].fields == Fields{"h\""});
    CHECK(records[5].fault == CsvFault::kUnclosedQuote);
    CHECK(records[6].fault == CsvFault::kUnclosedQuote);
    CHECK(records[6].line == 8);
  }
}

TEST_CASE("csv skips the rest of a record that is too long and goes on behind it") {
  const auto records = read("a," + std::string(500, 'x') + ",c\nd\n", {.max_record_bytes = 200});
  REQUIRE(records.size() == 2);
  CHECK(records[0].fault == CsvFault::kTooLong);
  CHECK(records[0].fields == Fields{"a"});
  CHECK(records[1].fields == Fields{"d"});
  CHECK_FALSE(records[1].fault.has_value());
}

TEST_CASE("csv counts empty fields towards the length of a record") {
  const auto records = read(std::string(5000, ',') + "\n", {.max_record_bytes = 1000});
  REQUIRE(records.size() == 1);
  CHECK(records[0].fault == CsvFault::kTooLong);
  CHECK(records[0].fields.size() < 1000);
}

TEST_CASE("csv reads other delimiters") {
  CHECK(read("a;b,c\n", {.delimiter = ';'})[0].fields == Fields{"a", "b,c"});
}

}  // namespace
}  // namespace blindbook::contact
