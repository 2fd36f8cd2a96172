// What a client refuses of an announcement, named by the rule that rejects.
#include <numeric>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "blindbook/protocol/announcement.h"

#include "tests/protocol/signed_json.h"

namespace blindbook::protocol {
namespace {

using namespace test_support;
using nlohmann::json;

}  // namespace

TEST_CASE("a body without the magic is not an envelope and nobody is accused") {
  InMemoryOperator city;
  for (const std::string_view body : {"", "<html>log in to the hotel network</html>", "{}"}) {
    const Error error = error_of(city, Bytes(bytes_of(body).begin(), bytes_of(body).end()));
    REQUIRE(error.rule == "announcement.not-an-envelope");
    REQUIRE(error.fault == Fault::kUnavailable);
  }
}

TEST_CASE("every flipped byte behind the magic is the peers fault") {
  InMemoryOperator city;
  city.publish({{berlin(1), "one"}});
  const Bytes good = city.announce();
  for (std::size_t at = 8; at < good.size(); ++at) {
    Bytes bad = good;
    bad[at] ^= 1;
    INFO("byte " << at);
    REQUIRE(error_of(city, bad).fault == Fault::kPeerMisbehaved);
  }
}

TEST_CASE("every cut behind the magic is the peers fault") {
  InMemoryOperator city;
  city.publish({});
  const Bytes good = city.announce();
  for (std::size_t size = 8; size < good.size(); size += 5) {
    REQUIRE(error_of(city, Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size))).fault ==
            Fault::kPeerMisbehaved);
  }
}

TEST_CASE("an announcement of another operator is refused by its certificate") {
  InMemoryOperator city;
  InMemoryOperator other(2);
  other.publish({});
  REQUIRE(error_of(city, other.announce()).rule == "certificate.signature");
}

TEST_CASE("an announcement signed by a key that the certificate does not name is refused") {
  InMemoryOperator city;
  city.publish({});
  const std::string text = json_in(city.announce());
  ByteWriter out;
  out.raw(magic::kAnnouncement);
  out.raw(city.root().sign({bytes_of(domain::kAnnouncement), bytes_of(text)}).view()).raw(text);
  REQUIRE(error_of(city, std::move(out).take()).rule == "announcement.signature");
}

TEST_CASE("an announcement longer than 1 mib is refused") {
  InMemoryOperator city;
  city.publish({});
  std::string text = json_in(city.announce());
  text.append(kMaxAnnouncementBytes - signed_json(city, text).size(), ' ');
  REQUIRE(open_announcement(signed_json(city, text), city.root_key()).has_value());
  REQUIRE(error_of(city, signed_json(city, text + " ")).rule == "announcement.size");
}

TEST_CASE("an announcement that is not strict json is refused") {
  InMemoryOperator city;
  city.publish({});
  const std::string text = json_in(city.announce());
  const auto rule = [&](const std::string& changed) {
    return error_of(city, signed_json(city, changed)).rule;
  };
  const auto replaced = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    return changed;
  };
  SECTION("because something stands behind it") {
    REQUIRE(rule(text + "x") == "announcement.format");
    REQUIRE(rule(text + "{}") == "announcement.format");
  }
  SECTION("because a key comes twice") {
    REQUIRE(rule("{\"seq\":2," + text.substr(1)) == "announcement.format");
    REQUIRE(rule(replaced("\"edition\":1", "\"edition\":1,\"edition\":1")) == "announcement.format");
  }
  SECTION("because a key that nobody asks for comes twice") {
    REQUIRE(rule("{\"x\":1,\"x\":1," + text.substr(1)) == "announcement.format");
  }
  SECTION("because of a float") {
    REQUIRE(rule(replaced("\"seq\":1", "\"seq\":1.0")) == "announcement.format");
    REQUIRE(rule(replaced("\"seq\":1", "\"seq\":1e0")) == "announcement.format");
    REQUIRE(rule("{\"x\":[0.5]," + text.substr(1)) == "announcement.format");
  }
  SECTION("because of a number beyond 64 bits") {
    REQUIRE(rule("{\"x\":18446744073709551616," + text.substr(1)) == "announcement.format");
  }
  SECTION("because it nests too deep") {
    REQUIRE(rule("{\"x\":" + std::string(16, '[') + std::string(16, ']') + "," + text.substr(1)) ==
            "announcement.format");
  }
  SECTION("because it is not utf-8") {
    REQUIRE(rule("{\"x\":\"\xff\"," + text.substr(1)) == "announcement.format");
  }
  SECTION("because it begins with a byte order mark") {
    REQUIRE(rule("\xef\xbb\xbf" + text) == "announcement.format");
  }
}

TEST_CASE("a signed announcement is refused when") {
  InMemoryOperator city;
  city.publish({{berlin(1), "one"}});
  const auto rule = [&](auto&& change) { return rule_after(city, change); };

  SECTION("its schema is unknown") {
    REQUIRE(rule([](json& all) { all["schema"] = "blindbook.announcement/2"; }) == "announcement.schema");
  }
  SECTION("a member is missing") {
    for (const char* name : {"schema", "profile", "operator", "seq", "issued_at", "valid_until",
                             "previous_head", "epochs", "allowance", "next_publication"}) {
      INFO(name);
      REQUIRE(rule([&](json& all) { all.erase(name); }) == "announcement.schema");
    }
    for (const char* name : {"initial", "capacity", "refill_per_day"}) {
      REQUIRE(rule([&](json& all) { all["allowance"].erase(name); }) == "announcement.schema");
    }
    for (const char* name : {"batch_sizes", "tag_bits"}) {
      REQUIRE(rule([&](json& all) { all.erase(name); }) == "announcement.constants");
    }
  }
  SECTION("its certificate is missing or none") {
    REQUIRE(rule([](json& all) { all.erase("certificate"); }) == "certificate.format");
    REQUIRE(rule([](json& all) { all["certificate"] = "AAAA"; }) == "certificate.format");
    REQUIRE(rule([](json& all) { all["certificate"] = 1; }) == "certificate.format");
  }
  SECTION("a number is out of its range") {
    REQUIRE(rule([](json& all) { all["epochs"][0]["edition"] = std::uint64_t{1} << 32; }) ==
            "announcement.schema");
    REQUIRE(rule([](json& all) { all["epochs"][0]["label_bytes"] = 65'536; }) == "announcement.schema");
    REQUIRE(rule([](json& all) { all["epochs"][0]["suite"] = 257; }) == "announcement.schema");
    REQUIRE(rule([](json& all) { all["allowance"]["initial"] = std::uint64_t{1} << 32; }) ==
            "announcement.schema");
  }
  SECTION("hex is cut short") {
    REQUIRE(rule([](json& all) { all["previous_head"] = std::string(62, 'a'); }) == "announcement.schema");
    REQUIRE(rule([](json& all) { all["epochs"][0]["id"] = "00"; }) == "announcement.schema");
  }
  SECTION("a member of an epoch is missing") {
    for (const char* name : {"id", "suite", "not_before", "not_after", "edition", "root", "size", "entries",
                             "label_mode", "label_bytes", "label_template", "patches"}) {
      INFO(name);
      REQUIRE(rule([&](json& all) { all["epochs"][0].erase(name); }).starts_with("announcement."));
    }
  }
  SECTION("a number is negative") {
    REQUIRE(rule([](json& all) { all["issued_at"] = -1; }) == "announcement.schema");
  }
  SECTION("hex is in upper case") {
    REQUIRE(rule([](json& all) { all["previous_head"] = std::string(64, 'A'); }) == "announcement.schema");
  }
  SECTION("its seq is 0") {
    REQUIRE(rule([](json& all) { all["seq"] = 0; }) == "announcement.schema");
  }
  SECTION("it announces no epoch") {
    REQUIRE(rule([](json& all) { all["epochs"] = json::array(); }) == "announcement.schema");
  }
  SECTION("it announces more than 8 epochs") {
    REQUIRE(rule([](json& all) { all["epochs"] = json::array_t(9, all["epochs"][0]); }) ==
            "announcement.schema");
  }
  SECTION("the operator name is too long") {
    REQUIRE(rule([](json& all) { all["operator"] = std::string(256, 'x'); }) == "announcement.schema");
  }
  SECTION("the operator name holds an escape") {
    REQUIRE(rule([](json& all) { all["operator"] = "City\x1b[31m"; }) == "announcement.schema");
  }
  SECTION("its batch sizes are others") {
    REQUIRE(rule([](json& all) { all["batch_sizes"] = {1, 2, 3}; }) == "announcement.constants");
    REQUIRE(rule([](json& all) { all["batch_sizes"].push_back(8192); }) == "announcement.constants");
    REQUIRE(rule([](json& all) { std::swap(all["batch_sizes"][0], all["batch_sizes"][1]); }) ==
            "announcement.constants");
  }
  SECTION("its tag width is another") {
    REQUIRE(rule([](json& all) { all["tag_bits"] = 40; }) == "announcement.constants");
  }
  SECTION("its suite is none of v1") {
    REQUIRE(rule([](json& all) { all["epochs"][0]["suite"] = 77; }) == "announcement.constants");
  }
  SECTION("its directory is empty of bytes") {
    REQUIRE(rule([](json& all) { all["epochs"][0]["size"] = 0; }) == "announcement.epoch");
  }
  SECTION("an epoch ends before it begins") {
    REQUIRE(rule([](json& all) { all["epochs"][0]["not_after"] = all["epochs"][0]["not_before"]; }) ==
            "announcement.epoch");
  }
  SECTION("its directory is larger than a client stores") {
    REQUIRE(rule([](json& all) { all["epochs"][0]["size"] = std::uint64_t{1} << 32; }) ==
            "announcement.epoch");
  }
  SECTION("an epoch id is not the hash of what it names") {
    REQUIRE(rule([](json& all) { all["epochs"][0]["not_after"] = 1'900'000'000; }) ==
            "announcement.epoch-id");
    REQUIRE(rule([](json& all) { all["operator"] = "Another"; }) == "announcement.epoch-id");
  }
  SECTION("a public key is the identity or not canonical") {
    REQUIRE(rule([](json& all) { all["epochs"][0]["pk"] = std::string(64, '0'); }) == "announcement.key");
    REQUIRE(rule([](json& all) { all["epochs"][0]["pk"] = std::string(64, 'f'); }) == "announcement.key");
    REQUIRE(rule([](json& all) { all["epochs"][0]["pk"] = ""; }) == "announcement.key");
  }
  SECTION("labels contradict their mode") {
    REQUIRE(rule([](json& all) { all["epochs"][0]["label_mode"] = "none"; }) == "announcement.epoch");
    REQUIRE(rule([](json& all) { all["epochs"][0]["label_bytes"] = 0; }) == "announcement.epoch");
    REQUIRE(rule([](json& all) { all["epochs"][0]["label_bytes"] = 513; }) == "announcement.epoch");
    REQUIRE(rule([](json& all) { all["epochs"][0]["label_bytes"] = 1; }) == "announcement.epoch");
    REQUIRE(rule([](json& all) { all["epochs"][0]["label_mode"] = "other"; }) == "announcement.schema");
    REQUIRE(rule([](json& all) { all["epochs"][0]["label_template"] = "{}" + std::string(254, 'x'); }) ==
            "announcement.epoch");
  }
  SECTION("an unpublished epoch has a size") {
    REQUIRE(rule([](json& all) {
              all["epochs"][0]["edition"] = 0;
              all["epochs"][0]["root"] = nullptr;
            }) == "announcement.epoch");
  }
  SECTION("an unpublished epoch has a root or a published one has none") {
    REQUIRE(rule([](json& all) { all["epochs"][0]["edition"] = 0; }) == "announcement.schema");
    REQUIRE(rule([](json& all) { all["epochs"][0]["root"] = nullptr; }) == "announcement.schema");
  }
  SECTION("epochs are out of order") {
    REQUIRE(rule([](json& all) { all["epochs"].push_back(all["epochs"][0]); }) == "announcement.epoch");
  }
  SECTION("its patches") {
    const auto rule_for = [&](const std::vector<std::uint64_t>& from) {
      city.epoch_to_announce().edition = Edition(40);
      return rule([&](json& all) {
        all["epochs"][0]["patches"] = json::array();
        for (const std::uint64_t edition : from) {
          all["epochs"][0]["patches"].push_back(
              {{"from", edition}, {"size", 1}, {"sha256", std::string(64, '0')}});
        }
      });
    };
    SECTION("lead from the edition itself") {
      REQUIRE(rule_for({40}) == "announcement.schema");
    }
    SECTION("lead from before the first edition") {
      REQUIRE(rule_for({0}) == "announcement.schema");
    }
    SECTION("do not ascend") {
      REQUIRE(rule_for({2, 2}) == "announcement.schema");
      REQUIRE(rule_for({3, 2}) == "announcement.schema");
    }
    SECTION("are more than 30") {
      std::vector<std::uint64_t> from(31);
      std::iota(from.begin(), from.end(), 1);
      REQUIRE(rule_for(from) == "announcement.schema");
    }
    SECTION("are no list") {
      REQUIRE(rule([](json& all) { all["epochs"][0]["patches"] = 1; }) == "announcement.schema");
    }
  }
}

TEST_CASE("an unknown profile or suite asks for an upgrade and accuses nobody") {
  InMemoryOperator city;
  city.publish({});
  json all = json::parse(json_in(city.announce()));
  std::string_view rule;
  SECTION("profile") {
    all["profile"] = "e164/2";
    rule = "announcement.profile";
  }
  SECTION("profile before anything else that a later version may have changed") {
    all["profile"] = "e164/2";
    all["batch_sizes"] = {1};
    all["epochs"] = 7;
    rule = "announcement.profile";
  }
  SECTION("suite") {
    all["epochs"][0]["suite"] = 2;
    rule = "announcement.suite";
  }
  const Error error = error_of(city, signed_json(city, all.dump()));
  REQUIRE(error.rule == rule);
  REQUIRE(error.fault == Fault::kUnavailable);
  REQUIRE(error.hint == "upgrade blindbook");
}

}  // namespace blindbook::protocol
