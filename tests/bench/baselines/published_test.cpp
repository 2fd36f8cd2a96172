// The shape of tests/bench/published.json: every figure of others says whose it is, where it stands and how it came here.
#include <fstream>
#include <set>
#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace blindbook::bench {
namespace {

using nlohmann::json;

const std::set<std::string> kTexts{"id", "title", "citation", "url", "where", "obtained", "remark"};
const std::set<std::string> kProtocolFigures{"subscribers", "contacts", "online_seconds", "setup_seconds",
                                             "online_bytes"};
const std::set<std::string> kAttackFigures{"numbers", "numbers_per_hour"};

json published() {
  std::ifstream file(BLINDBOOK_PUBLISHED_FIGURES);
  return json::parse(file);
}

std::set<std::string> keys_of(const json& object) {
  std::set<std::string> out;
  for (const auto& member : object.items()) {
    out.insert(member.key());
  }
  return out;
}

}  // namespace

TEST_CASE("published figures have the shape that reports read") {
  const json file = published();
  CHECK(keys_of(file) == std::set<std::string>{"schema", "note", "figures"});
  CHECK(file.at("schema") == "blindbook.published/1");
  REQUIRE(file.at("figures").is_array());
  std::set<std::string> kinds;
  std::set<std::string> ids;
  for (const json& figure : file.at("figures")) {
    INFO(figure.dump());
    const std::string kind = figure.at("kind");
    kinds.insert(kind);
    REQUIRE((kind == "protocol" || kind == "attack"));
    std::set<std::string> expected{"kind", "year", "machine"};
    expected.insert(kTexts.begin(), kTexts.end());
    const std::set<std::string>& numbers = kind == "protocol" ? kProtocolFigures : kAttackFigures;
    expected.insert(numbers.begin(), numbers.end());
    CHECK(keys_of(figure) == expected);
    CHECK(ids.insert(figure.at("id")).second);
    for (const std::string& name : kTexts) {
      REQUIRE(figure.at(name).is_string());
      CHECK(!figure.at(name).get<std::string>().empty());
    }
    CHECK((figure.at("machine").is_null() || !figure.at("machine").get<std::string>().empty()));
    std::size_t known = 0;
    for (const std::string& name : numbers) {
      const json& number = figure.at(name);
      REQUIRE((number.is_null() || number.is_number()));
      if (number.is_number()) {
        CHECK(number.get<double>() > 0);
        ++known;
      }
    }
    CHECK(known >= (kind == "protocol" ? 3U : 1U));  // both sizes and something that was measured
  }
  CHECK(kinds.size() == 2);
}

TEST_CASE("every published figure names its paper, its place and its way here") {
  const json file = published();
  for (const json& figure : file.at("figures")) {
    INFO(figure.at("id"));
    CHECK(figure.at("url").get<std::string>().rfind("https://", 0) == 0);
    CHECK(figure.at("obtained").get<std::string>().rfind("quoted from", 0) == 0);
    CHECK(figure.at("year") >= 1999);
    // A paper is cited with the place where it appeared, which bears the year, or with its number at arXiv.
    const std::string citation = figure.at("citation");
    const std::string year = std::to_string(figure.at("year").get<int>());
    CHECK((citation.find(year) != std::string::npos || citation.find("arXiv") != std::string::npos));
    if (figure.at("kind") == "protocol") {
      CHECK(figure.at("subscribers").is_number_unsigned());
      CHECK(figure.at("contacts").is_number_unsigned());
    }
  }
}

}  // namespace blindbook::bench
