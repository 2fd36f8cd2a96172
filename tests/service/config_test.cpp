#include "blindbook/service/config.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "blindbook/protocol/certificate.h"

#include "tests/support/deterministic_random.h"
#include "tests/support/vectors.h"

namespace blindbook::service {
namespace {

using nlohmann::json;

Config sample() {
  test_support::DeterministicRandom random(3);
  const auto root = protocol::Ed25519SecretKey::generate(random);
  const auto announcement = protocol::Ed25519SecretKey::generate(random);
  const auto token = protocol::Ed25519SecretKey::generate(random);
  Config config;
  config.operator_name = "Stadt Musterhausen";
  config.root = root.public_key();
  config.certificate = *protocol::issue_certificate({.serial = 1,
                                                     .key = announcement.public_key(),
                                                     .not_before = UnixTime(1'800'000'000),
                                                     .not_after = UnixTime(1'810'000'000)},
                                                    root);
  config.slot_folder = std::filesystem::path("slot");
  config.public_url = std::string("https://find.city.example");
  config.ledger = std::string("postgresql://blindbook@db.city.example/blindbook");
  config.issuers = {{std::string("blindbook"), protocol::kid_of(token.public_key()), token.public_key()}};
  return config;
}

json sample_json() {
  return json::parse(write_config(sample()));
}

/// The message of the refusal of `value` as a member's text, or nothing when it is accepted.
std::string fault_of(const json& config) {
  const Result<Config> parsed = parse_config(config.dump());
  if (parsed) {
    return {};
  }
  CHECK(parsed.error().fault == Fault::kBadInput);
  CHECK(parsed.error().rule == "config.member");
  return parsed.error().message.substr(parsed.error().message.rfind(' ') + 1);
}

TEST_CASE("a config reads back what was written") {
  Config config = sample();
  CHECK(*parse_config(write_config(config)) == config);
  config.public_url.reset();
  config.ledger.reset();
  config.key_protection = protocol::KeyProtection::kNone;
  config.allowance = {.initial = 1, .capacity = 2, .refill_per_day = 3};
  config.trusted_proxies = {"127.0.0.1", "10.0.0.0/8", "2001:db8::/32"};
  CHECK(*parse_config(write_config(config)) == config);
}

TEST_CASE("an unknown member is refused by its name") {
  json config = sample_json();
  config["colour"] = "blue";
  CHECK(fault_of(config) == "colour");
  config = sample_json();
  config["allowance"]["burst"] = 1;
  CHECK(fault_of(config) == "allowance.burst");
  config = sample_json();
  config["issuers"][0]["jwks"] = "x";
  CHECK(fault_of(config) == "issuers[0].jwks");
}

TEST_CASE("every member but the public url and the ledger must be there") {
  const json whole = sample_json();
  for (const auto& [name, value] : whole.items()) {
    json config = whole;
    config.erase(name);
    if (name == "public_url" || name == "ledger") {
      CHECK(fault_of(config).empty());
    } else {
      CHECK_THAT(fault_of(config), Catch::StartsWith(name));
    }
  }
}

TEST_CASE("a member of another type is refused by its name") {
  const json whole = sample_json();
  for (const auto& [name, value] : whole.items()) {
    json config = whole;
    config[name] = value.is_object() ? json("x") : json::object();
    CHECK_THAT(fault_of(config), Catch::StartsWith(name));
  }
}

TEST_CASE("values out of range are refused") {
  const auto with = [](const char* pointer, const json& value) {
    json config = sample_json();
    config[json::json_pointer(pointer)] = value;
    return fault_of(config);
  };
  CHECK(with("/operator", "a\nb") == "operator");
  CHECK(with("/operator", "") == "operator");
  CHECK(with("/ledger", "sqlite") == "ledger");
  CHECK(with("/ledger", "blindbook.db") == "ledger");
  CHECK(with("/suite", "ristretto255") == "suite");
  CHECK(with("/key_protection", "tpm") == "key_protection");
  CHECK(with("/root_public_key", "00") == "root_public_key");
  CHECK(with("/certificate", "AAAA") == "certificate");
  CHECK(with("/allowance/capacity", 0) == "allowance.capacity");
  CHECK(with("/allowance/initial", -1) == "allowance.initial");
  CHECK(with("/publication_interval", 59) == "publication_interval");
  CHECK(with("/publication_interval", 604'801) == "publication_interval");
  CHECK(with("/issuers/0/alg", "ES384") == "issuers[0].alg");
  CHECK(with("/issuers/0/alg", "ES256") == "issuers[0].public_key");  // it is half as long as one
  CHECK(with("/issuers/0/name", "") == "issuers[0].name");
  json twice = sample_json();
  twice["issuers"].push_back(twice["issuers"][0]);
  CHECK(fault_of(twice) == "issuers[1].kid");
}

TEST_CASE("an issuer may have keys of either algorithm under one name") {
  const json vector = test_support::read_vectors("token_es256.json");
  json config = sample_json();
  config["issuers"].push_back(
      {{"name", "blindbook"}, {"kid", "second"}, {"alg", "ES256"}, {"public_key", vector["public_key"]}});
  const Result<Config> parsed = parse_config(config.dump());
  REQUIRE(parsed);
  REQUIRE(parsed->issuers.size() == 2);
  CHECK(protocol::algorithm_of(parsed->issuers[1].key) == "ES256");
  CHECK(parsed->issuers[1].name == parsed->issuers[0].name);
  CHECK(json::parse(write_config(*parsed)) == config);
  // A point beside the curve, and a key of the other algorithm.
  std::string beside = vector["public_key"].get<std::string>();
  beside.back() = beside.back() == '0' ? '1' : '0';
  config["issuers"][1]["public_key"] = beside;
  CHECK(fault_of(config) == "issuers[1].public_key");
  config["issuers"][1]["public_key"] = vector["public_key"];
  config["issuers"][1]["alg"] = "EdDSA";
  CHECK(fault_of(config) == "issuers[1].public_key");
}

TEST_CASE("a trusted proxy that is no address or network is refused by its place") {
  json config = sample_json();
  config["trusted_proxies"] = "127.0.0.1";
  CHECK(fault_of(config) == "trusted_proxies");
  for (const json& wrong : {json("city.example"), json("10.0.0.1/8"), json(10), json("")}) {
    config["trusted_proxies"] = json::array({"127.0.0.1", wrong});
    CHECK(fault_of(config) == "trusted_proxies[1]");
  }
  config["trusted_proxies"] = json::array();
  CHECK(fault_of(config).empty());
}

TEST_CASE("a certificate of another root is refused") {
  json config = sample_json();
  config["root_public_key"] = std::string(64, '0');
  CHECK(fault_of(config) == "certificate");
}

TEST_CASE("a config of a newer program is refused as such") {
  json config = sample_json();
  config["version"] = 2;
  config["something_new"] = true;
  const Result<Config> parsed = parse_config(config.dump());
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().rule == "config.version");
}

TEST_CASE("a config that is no strict json is refused") {
  for (const char* text : {"", "{", "[]x", R"({"version":1,"version":1})"}) {
    CHECK(parse_config(text).error().rule == "config.syntax");
  }
}

}  // namespace
}  // namespace blindbook::service
