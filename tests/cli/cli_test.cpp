#include <set>
#include <sstream>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/common/arguments.h"
#include "cli/common/exit_code.h"
#include "cli/common/facts.h"
#include "cli/common/help.h"
#include "cli/common/json_text.h"
#include "cli/common/option_table.h"
#include "cli/common/progress.h"
#include "cli/common/table.h"
#include "cli/common/text.h"
#include "cli/serve_log.h"

using namespace blindbook;
using namespace blindbook::cli;
using namespace std::chrono_literals;

TEST_CASE("every family of errors has its exit code") {
  CHECK(exit_code_for(Fault::kUnavailable) == ExitCode::kFailed);
  CHECK(exit_code_for(Fault::kApiMisuse) == ExitCode::kFailed);
  CHECK(exit_code_for(Fault::kBadInput) == ExitCode::kUsage);
  CHECK(exit_code_for(Fault::kSpent) == ExitCode::kSpent);
  CHECK(exit_code_for(Fault::kPeerMisbehaved) == ExitCode::kPeerMisbehaved);
}

TEST_CASE("no command has two options of one name") {
  for (const CommandRow& command : commands()) {
    std::set<std::string_view> seen;
    for (const OptionRow& option : options()) {
      INFO(option.name);
      CHECK((!option.belongs_to(command.command) || seen.insert(option.name).second));
    }
  }
}

TEST_CASE("help lists exactly the options of a command and its example") {
  for (const CommandRow& command : commands()) {
    const std::string help = help_for(command);
    CHECK(help.find("example:\n  " + std::string(command.example) + "\n") != std::string::npos);
    CHECK(command.example.find("blindbook " + std::string(command.name) + " ") != std::string_view::npos);
    std::multiset<std::string> promised;
    std::istringstream lines(help);
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("  --")) {
        promised.insert(line.substr(4, line.find(' ', 4) - 4));
      }
    }
    std::multiset<std::string> taken;
    for (const OptionRow& option : options()) {
      if (option.belongs_to(command.command)) {
        taken.emplace(option.name);
      }
    }
    CHECK(promised == taken);
  }
}

namespace {

Result<Arguments> parse(std::string_view command, std::vector<const char*> words) {
  return Arguments::parse(**find_command(command), words);
}

std::string_view rule_of(const Result<Arguments>& arguments) {
  return arguments ? "none" : arguments.error().rule;
}

}  // namespace

TEST_CASE("a value with a comma stays whole") {
  const auto arguments = parse("discover", {"--contacts", "a,b.vcf", "--contacts=c.vcf"});
  REQUIRE(arguments);
  CHECK(arguments->all("contacts") == std::vector<std::string>{"a,b.vcf", "c.vcf"});
}

TEST_CASE("a lone dash is a value") {
  const auto arguments = parse("discover", {"--contacts", "-"});
  REQUIRE(arguments);
  CHECK(arguments->all("contacts").front() == "-");
}

TEST_CASE("each fault of usage is named") {
  CHECK(rule_of(parse("discover", {})) == "usage.missing");
  CHECK(rule_of(parse("discover", {"--contacts"})) == "usage.value");
  CHECK(rule_of(parse("discover", {"--contacts="})) == "usage.value");
  CHECK(rule_of(parse("discover", {"--contacts", "--dry-run"})) == "usage.value");
  CHECK(rule_of(parse("discover", {"--contacts", "a", "--dry-run=no"})) == "usage.value");
  CHECK(rule_of(parse("discover", {"--contacts", "a", "--admin-listen", "1"})) == "usage.option");
  CHECK(rule_of(parse("discover", {"--contacts", "a", "--format", "xml"})) == "usage.choice");
  CHECK(rule_of(parse("discover", {"--contacts", "a", "--region", "DE", "--region", "FR"})) ==
        "usage.repeated");
  CHECK(rule_of(parse("discover", {"--contacts", "a", "one", "two"})) == "usage.argument");
  CHECK(rule_of(parse("token", {"--data", "d", "--account", "a", "one"})) == "usage.argument");
}

TEST_CASE("help asks for nothing else") {
  const auto arguments = parse("discover", {"--help"});
  REQUIRE(arguments);
  CHECK(arguments->wants_help());
}

TEST_CASE("columns line up by what a terminal shows") {
  CHECK(display_width("Anna") == 4);
  CHECK(display_width("M\xc3\xbcller") == 6);
  CHECK(display_width("Mu\xcc\x88ller") == 6);
  CHECK(display_width("\xe6\xbc\xa2\xe5\xad\x97") == 4);
  Table table({"NAME", "NUMBER"});
  table.add({"M\xc3\xbcller", "1"});
  table.add({"\xe6\xbc\xa2\xe5\xad\x97", "2"});
  CHECK(table.text("  ") == "  NAME    NUMBER\n  M\xc3\xbcller  1\n  \xe6\xbc\xa2\xe5\xad\x97    2\n");
}

TEST_CASE("a table shows no control characters") {
  Table table;
  table.add({"a\x1b[31mb\nc", "d"});
  CHECK(table.text("") == "a[31mb c  d\n");
}

TEST_CASE("a table of nothing but its heading is empty") {
  CHECK(Table({"NAME"}).text("  ").empty());
}

TEST_CASE("json escapes control and bidi characters and keeps all others") {
  const nlohmann::ordered_json json = {{"name", "\x1b M\xc3\xbcller \xc2\x9b \xe2\x80\xae"}};
  CHECK(json_text(json) == "{\n  \"name\": \"\\u001b M\xc3\xbcller \\u009b \\u202e\"\n}\n");
}

TEST_CASE("json replaces what is not utf-8") {
  CHECK(json_text(nlohmann::ordered_json("a\xff")) == "\"a\xef\xbf\xbd\"\n");
}

TEST_CASE("a whole number may be a power of two") {
  CHECK(whole_number("1024") == 1024);
  CHECK(whole_number("2^10") == 1024);
  CHECK(whole_number("2^0") == 1);
  CHECK(whole_number("2^63") == std::uint64_t{1} << 63U);
  CHECK(whole_number("18446744073709551615") == ~std::uint64_t{0});
  for (const char* const other :
       {"", "2^", "2^64", "^3", "3^2", "-1", "+1", "1e3", " 1", "1 ", "1.0", "18446744073709551616"}) {
    CAPTURE(other);
    CHECK_FALSE(whole_number(other));
  }
}

TEST_CASE("numbers sizes and times are written for people") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1'234'567) == "1,234,567");
  CHECK(counted(1, "number") == "1 number");
  CHECK(counted(1'024, "number") == "1,024 numbers");
  CHECK(size_text(1) == "1 byte");
  CHECK(size_text(999) == "999 bytes");
  CHECK(size_text(2'164) == "2.16 kB");
  CHECK(size_text(64'200) == "64.2 kB");
  CHECK(size_text(999'700) == "1.00 MB");
  CHECK(size_text(4'700'000) == "4.70 MB");
  CHECK(time_text(UnixTime(0)) == "1970-01-01T00:00:00Z");
  CHECK(time_text(UnixTime(1'772'366'400)) == "2026-03-01T12:00:00Z");
  CHECK(time_text(UnixTime(~std::uint64_t{0})) == "after the year 9999");
  CHECK(duration_text(0) == "0 seconds");
  CHECK(duration_text(60) == "1 minute");
  CHECK(duration_text(5'400) == "90 minutes");
  CHECK(duration_text(129'600) == "36 hours");
  CHECK(duration_text(7'776'000) == "90 days");
}

TEST_CASE("progress shows share rate and remaining time") {
  CHECK(progress_line("publishing", "rows", 500, 1'000, 5'000ms, false) ==
        "blindbook: publishing [############------------]  50 %  100 rows/s  0:05 left");
  CHECK(progress_line("publishing", "rows", 500, 1'000, 5'000ms, true) ==
        "blindbook: publishing [\x1b[32m############------------\x1b[0m]  50 %  100 rows/s  0:05 left");
}

TEST_CASE("progress of unknown length shows a count") {
  CHECK(progress_line("reading", "rows", 5'000, 0, 2'000ms, false) ==
        "blindbook: reading 5,000 rows  2,500 rows/s");
}

TEST_CASE("progress beyond the total stays at the end") {
  CHECK(progress_line("reading", "bytes", 12, 10, 1'000ms, false) ==
        "blindbook: reading [########################] 100 %  12 bytes/s  0:00 left");
}

TEST_CASE("facts are the same in text and json") {
  Facts facts;
  facts.add("kind", "directory").add("bytes", 1'234U).add("held", true).add("at", UnixTime(0));
  facts.add("part", Facts().add("size_now", 2U)).add("none", std::vector<Facts>{});
  facts.add("todo", std::vector<std::string>{"a\x1b", "b"});
  CHECK(facts.text() ==
        "kind   directory\nbytes  1,234\nheld   yes\nat     1970-01-01T00:00:00Z\npart\n  size now  2\nnone  "
        " none\n"
        "todo   a\ntodo   b\n");
  const auto json = nlohmann::json::parse(facts.json("test/1"));
  CHECK(json == nlohmann::json{{"schema", "test/1"},
                               {"kind", "directory"},
                               {"bytes", 1'234},
                               {"held", true},
                               {"at", 0},
                               {"part", {{"size_now", 2}}},
                               {"none", nlohmann::json::array()},
                               {"todo", {"a\x1b", "b"}}});
}

TEST_CASE("a line of the log in text is one line that a terminal can bear") {
  const service::Event event{"publish-failed",
                             {{"rule", std::string("publish.rows")},
                              {"message", std::string("row 3\n\033[31mis \"bad\"")},
                              {"empty", std::string()},
                              {"rows", std::uint64_t{7}}}};
  const std::string line = text_line(event, UnixTime(1'800'000'000));
  CHECK(line.find_first_of("\n\033") == std::string::npos);
  CHECK(line.starts_with("2027-01-15T08:00:00Z publish-failed rule=publish.rows message=\"row 3"));
  CHECK(line.ends_with("\" empty=\"\" rows=7"));
}
