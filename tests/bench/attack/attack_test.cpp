// The attack recovers what hashes were made of, and nothing of what was blinded.
#include "tests/bench/attack/attack.h"

#include <set>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "blindbook/group/ristretto255.h"
#include "blindbook/model/sweep.h"
#include "blindbook/oprf/context.h"

#include "tests/bench/attack/dictionary.h"
#include "tests/bench/attack/number_range.h"

namespace blindbook::bench {
namespace {

const AttackOptions kSmall{.numbers = 20'000, .group_numbers = 3'000, .contacts = 300, .seed = 7};

const AttackReport& small_report() {
  static const AttackReport kReport = run_attack(kSmall);
  return kReport;
}

}  // namespace

TEST_CASE("the numbers tried are fictional ones and then nobody's, each once") {
  const NumberRange range(1'250);
  CHECK(range.at(0) == "tel:+493023125000");
  CHECK(range.at(999) == "tel:+493023125999");
  CHECK(range.at(1'000) == "tel:+491400000000");
  CHECK(range.at(1'249) == "tel:+491400000249");
  std::vector<std::string> visited;
  range.for_each([&](std::string_view identifier) { visited.emplace_back(identifier); });
  REQUIRE(visited.size() == range.size());
  for (std::uint64_t i = 0; i < range.size(); ++i) {
    CHECK(visited[i] == range.at(i));
  }
  std::size_t few = 0;
  NumberRange(10).for_each([&](std::string_view /*identifier*/) { ++few; });
  CHECK(few == 10);
  CHECK_THROWS_AS(NumberRange(NumberRange::kMost + 1), std::invalid_argument);
}

TEST_CASE("a message index finds what was sent at any place, and nothing else") {
  const std::vector<Bytes> messages{{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, {}, {3, 4, 5, 6, 7, 8, 9, 10, 11, 12}};
  const MessageIndex index(messages);
  CHECK(index.contains(messages[0]));
  CHECK(index.contains(ByteView(messages[0]).subspan(2)));
  CHECK(index.contains(messages[2]));
  CHECK(!index.contains(ByteView(messages[0]).subspan(3)));  // shorter than a window
  Bytes other = messages[2];
  other.back() = 13;
  CHECK(!index.contains(other));
  other.push_back(14);
  CHECK(!index.contains(other));
}

TEST_CASE("every contact comes out of an upload of hashes, and no other number") {
  REQUIRE(small_report().hashes.size() == 2);
  std::set<std::string> names;
  for (const HashAttack& attack : small_report().hashes) {
    INFO(attack.protocol);
    names.insert(attack.protocol);
    CHECK(attack.contacts == 300);
    CHECK(attack.recovered == 300);
    CHECK(attack.wrong == 0);
    CHECK(attack.tried == 20'000);
    CHECK(attack.cpu_seconds > 0);
    REQUIRE(attack.countries.size() == model::number_spaces().size());
    for (std::size_t i = 0; i < attack.countries.size(); ++i) {
      CHECK(attack.countries[i].country == model::number_spaces()[i].country);
      CHECK(attack.countries[i].minutes * 60 * attack.numbers_per_second ==
            Approx(static_cast<double>(model::number_spaces()[i].numbers)));
    }
  }
  CHECK(names == std::set<std::string>{"sha256", "sha256-peppered"});
}

TEST_CASE("no contact comes out of blinded elements") {
  const BlindAttack& attack = small_report().blindbook;
  CHECK(attack.contacts == 1024);
  CHECK(attack.tried == 3'000);
  CHECK(attack.recovered == 0);
  CHECK(attack.repeated_windows == 0);
  CHECK(attack.toy.is_identical);
  CHECK(attack.toy.is_bijection);
}

TEST_CASE("what blindbook sends has a length by its batch, whatever is in the book") {
  const BlindAttack& attack = small_report().blindbook;
  CHECK(attack.lengths_depend_on_batch_only);
  std::set<std::size_t> empty_to_64;
  std::set<std::size_t> from_257;
  for (const RunSize& run : attack.runs) {
    CHECK(run.from_client == 24 + 32 * std::size_t{run.batch});
    CHECK(run.batch >= run.contacts);
    (run.contacts <= 64 ? empty_to_64 : from_257)
        .insert(run.contacts > 64 && run.contacts < 257 ? 0 : run.from_client);
  }
  CHECK(empty_to_64.size() == 1);
  CHECK(from_257.size() == 2);  // one length, and the 0 of what lies between
}

TEST_CASE("the dictionary would find contacts that were sent without a mask") {
  const NumberRange range(1'100);
  const oprf::Context context(oprf::Mode::kVoprf, "ristretto255-SHA512");
  const std::string identifier = range.at(1'050);
  const auto encoded = group::Ristretto255::encode(
      group::Ristretto255::hash_to_group(bytes_of(identifier), context.hash_to_group_dst()));
  const std::vector<Bytes> sent{Bytes(24), Bytes(encoded.view().begin(), encoded.view().end())};
  CHECK(try_numbers(sent, range, every_guess()).recovered == std::vector{identifier});
  const std::string in_clear = "...." + range.at(3);
  const std::vector<Bytes> naive{Bytes(in_clear.begin(), in_clear.end())};
  CHECK(try_numbers(naive, range, every_guess()).recovered == std::vector{range.at(3)});
}

TEST_CASE("an attack without enough numbers to draw contacts from is refused") {
  CHECK_THROWS_AS(run_attack({.numbers = 10, .group_numbers = 2'000, .contacts = 11}), std::invalid_argument);
  int pauses = 0;
  const auto end_in_third = [&pauses] {
    if (++pauses == 3) {
      throw std::domain_error("enough");
    }
  };
  CHECK_THROWS_AS(
      run_attack({.numbers = 5'000, .group_numbers = 5'000, .contacts = 11, .pause = end_in_third}),
      std::domain_error);
  CHECK(pauses == 3);
}

TEST_CASE("the report of an attack says the same in text and JSON") {
  const nlohmann::ordered_json json = json_of(small_report());
  CHECK(json.at("schema") == "blindbook.attack/1");
  CHECK(json.at("hashes").size() == 2);
  CHECK(json.at("hashes")[0].at("recovered") == 300);
  CHECK(json.at("blindbook").at("recovered") == 0);
  CHECK(json.at("blindbook").at("toy_group").at("identical") == true);
  CHECK(json.at("blindbook").at("runs").size() == small_report().blindbook.runs.size());
  const std::string text = text_of(small_report());
  CHECK(text.find("sha256-peppered: 300 of 300 contacts recovered, 0 wrong") != std::string::npos);
  CHECK(text.find("0 of 1,024 contacts recovered, 3,000 numbers tried") != std::string::npos);
  CHECK(text.find("the same 144 views, each as often") != std::string::npos);
}

}  // namespace blindbook::bench
