#include "blindbook/service/sources/opt_in.h"

#include "tests/service/sources/source_fixture.h"

using namespace blindbook;
using namespace blindbook::service;

namespace {

using Found = std::vector<std::string>;

struct ThreeRows : SourceFixture {
  std::string csv =
      write("list.csv",
            "number,label,discoverable\n1,@anna:x,yes\n2,@bert:x,no\n3,@carla:x,yes\n4,\"@odd\"x,yes\n");
};

}  // namespace

TEST_CASE("an opt-in list names labels, with blanks, comments and a byte order mark passed over") {
  const SourceFixture fixture;
  const auto list =
      read_opt_in_list(fixture.write("agreed", "\xEF\xBB\xBF@anna:x\r\n# @bert:x\n\n  @carla:x \n@dora:x"));
  REQUIRE(list);
  CHECK(list->size() == 3);
  CHECK(list->contains("@anna:x"));
  CHECK_FALSE(list->contains("@bert:x"));
  CHECK(list->contains("@carla:x"));
  CHECK(list->contains("@dora:x"));
  CHECK_FALSE(list->contains(""));
  CHECK_FALSE(list->contains("@ann"));
}

TEST_CASE("an opt-in list that straddles the chunks of its file is read whole") {
  const SourceFixture fixture;
  std::string text;
  for (int i = 0; i < 40'000; ++i) {
    text += "@user" + std::to_string(i) + ":city.example\n";
  }
  const auto list = read_opt_in_list(fixture.write("agreed", text));
  REQUIRE(list);
  CHECK(list->size() == 40'000);
  for (int i = 0; i < 40'000; i += 7) {
    REQUIRE(list->contains("@user" + std::to_string(i) + ":city.example"));
  }
}

TEST_CASE("an opt-in list that is missing or no list is refused") {
  const ThreeRows fixture;
  CHECK(read_all({.source = fixture.csv, .opt_in_list = (fixture.folder / "missing").string()}).rule ==
        "file.open");
  CHECK(read_all({.source = fixture.csv, .opt_in_list = fixture.write("long", std::string(70'000, 'x'))})
            .rule == "source.opt-in");
}

TEST_CASE("with an opt-in list a row is discoverable when list and column say so") {
  const ThreeRows fixture;
  const ReadRows read =
      read_all({.source = fixture.csv, .opt_in_list = fixture.write("agreed", "@anna:x\n@bert:x\n")});
  REQUIRE(read.rows.size() == 4);
  CHECK(read.rows[0].discoverable);
  CHECK_FALSE(read.rows[1].discoverable);
  CHECK_FALSE(read.rows[2].discoverable);
  CHECK(read.rows[3].fault == "damaged-row");
}

TEST_CASE("with an opt-in list the column discoverable may be absent, and without it may not") {
  const SourceFixture fixture;
  const std::string csv = fixture.write("list.csv", "label,number\n@anna:x,1\n@bert:x,2\n");
  const std::string lines =
      fixture.write("list.jsonl",
                    "{\"number\":\"1\",\"label\":\"@anna:x\"}\n{\"number\":\"2\",\"label\":\"@bert:x\"}\n"
                    "{\"number\":\"3\",\"label\":\"@anna:x\",\"discoverable\":false}\n");
  const std::string agreed = fixture.write("agreed", "@anna:x\n");
  CHECK(discoverable({.source = csv, .opt_in_list = agreed}) == Found{"1 @anna:x"});
  CHECK(discoverable({.source = lines, .opt_in_list = agreed}) == Found{"1 @anna:x"});
  CHECK(read_all({.source = csv}).rule == "source.header");
  CHECK(read_all({.source = lines}).rows[0].fault == "json");
  fixture.execute("CREATE TABLE t (a, b); INSERT INTO t VALUES ('1', '@anna:x'), ('2', '@bert:x')");
  SourceRequest request = fixture.asking("SELECT a AS number, b AS label FROM t");
  request.opt_in_list = agreed;
  CHECK(discoverable(request) == Found{"1 @anna:x"});
}

TEST_CASE("an opt-in list without anybody publishes nobody") {
  const ThreeRows fixture;
  CHECK(read_all({.source = fixture.csv, .opt_in_list = fixture.write("agreed", "")}).rows.size() == 4);
  CHECK_FALSE(
      read_all({.source = fixture.csv, .opt_in_list = fixture.write("agreed", "")}).rows[0].discoverable);
}
