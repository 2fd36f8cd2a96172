// Ed25519, AES-256-GCM, strict JSON, operator identity and the derivation of epochs.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "blindbook/protocol/aead.h"
#include "blindbook/protocol/ed25519.h"
#include "blindbook/protocol/epoch.h"
#include "blindbook/protocol/operator_identity.h"
#include "blindbook/protocol/strict_json.h"

#include "tests/protocol/in_memory_operator.h"
#include "tests/support/vectors.h"

namespace blindbook::protocol {
namespace {

using namespace test_support;

Secret<32> secret_of(const std::string& hex) {
  return Secret<32>(std::span<const std::uint8_t, 32>(from_hex(hex).value()));
}

}  // namespace

TEST_CASE("ed25519 signs as rfc 8032 section 7-1") {
  // Test 3: two bytes of message.
  const Ed25519SecretKey key(secret_of("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7"));
  REQUIRE(key.public_key().hex() == "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025");
  const Bytes message{0xaf, 0x82};
  const auto signature = key.sign({message});
  REQUIRE(signature.hex() ==
          "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
          "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a");
  REQUIRE(verify(key.public_key(), {message}, signature));
  REQUIRE(key.sign({ByteView(message).first(1), ByteView(message).last(1)}) == signature);
  REQUIRE_FALSE(verify(key.public_key(), {ByteView(message).first(1)}, signature));
  auto altered = signature;
  altered.mutable_view()[63] ^= 1;
  REQUIRE_FALSE(verify(key.public_key(), {message}, altered));
}

TEST_CASE("sealed bytes open under the same key and context only") {
  DeterministicRandom random(1);
  const Secret<32> key;
  const Bytes text{1, 2, 3};
  const Bytes sealed = aead_seal(key, bytes_of("a"), text, random);
  REQUIRE(sealed.size() == text.size() + kAeadOverhead);
  REQUIRE(aead_open(key, bytes_of("a"), sealed).value() == SecretBytes(ByteView(text)));
  REQUIRE(aead_open(key, bytes_of("b"), sealed).error().rule == "aead.open");
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    Bytes bad = sealed;
    bad[at] ^= 1;
    REQUIRE_FALSE(aead_open(key, bytes_of("a"), bad).has_value());
    REQUIRE_FALSE(aead_open(key, bytes_of("a"), ByteView(sealed).first(at)).has_value());
  }
  REQUIRE(aead_seal(key, bytes_of("a"), text, random) != sealed);
  REQUIRE(aead_open(key, {}, aead_seal(key, {}, {}, random)).value().empty());
}

TEST_CASE("strict json refuses what can be read in two ways") {
  const auto rule = [](std::string_view text) -> std::string_view {
    const auto parsed = parse_strict_json(text, 100);
    return parsed ? "" : parsed.error().rule;
  };
  REQUIRE(rule(R"({"a":[1,"x",null,true,-2],"b":{"a":1}})").empty());
  REQUIRE(rule(R"({"a":1,"a":1})") == "json.duplicate-key");
  REQUIRE(rule(R"({"b":{"a":1,"c":2,"a":1}})") == "json.duplicate-key");
  REQUIRE(rule(R"({"a":1.0})") == "json.float");
  REQUIRE(rule(R"({"a":1e3})") == "json.float");
  REQUIRE(rule(R"({"a":18446744073709551616})") == "json.float");
  REQUIRE(rule(R"({"a":1} x)") == "json.syntax");
  REQUIRE(rule("{\"a\":\"\xff\"}") == "json.syntax");
  REQUIRE(rule({"{}\0x", 4}) == "json.syntax");
  REQUIRE(rule({"{\0}", 3}) == "json.syntax");
  REQUIRE(rule("") == "json.syntax");
  REQUIRE(rule("\xef\xbb\xbf{}") == "json.syntax");
  REQUIRE(rule("// comment\n{}") == "json.syntax");
  REQUIRE(rule(std::string(16, '[') + std::string(16, ']')).empty());
  REQUIRE(rule(std::string(17, '[') + std::string(17, ']')) == "json.depth");
  REQUIRE(rule(std::string(101, ' ')) == "json.size");
}

TEST_CASE("an operator file holds one key") {
  DeterministicRandom random(1);
  const auto root = Ed25519SecretKey::generate(random).public_key();
  const std::string text = encode_operator_file(root);
  REQUIRE(decode_operator_file(text).value() == root);
  REQUIRE(decode_operator_file(text.substr(0, 43)).value() == root);
  for (const std::string& bad :
       {std::string(), text + text, text.substr(1), std::string(43, '!'), text + "\n"}) {
    REQUIRE(decode_operator_file(bad).error().rule == "operator.key");
  }
}

TEST_CASE("an operator name is plain text of 1 to 255 bytes") {
  REQUIRE(check_operator_name("Stadt Köln").has_value());
  REQUIRE(check_operator_name(std::string(255, 'x')).has_value());
  for (const std::string& bad :
       {std::string(), std::string(256, 'x'), std::string("a\nb"), std::string("\xff"),
        std::string("a\xe2\x80\xae"
                    "b")}) {
    REQUIRE(check_operator_name(bad).error().rule == "operator.name");
  }
}

TEST_CASE("an epoch id binds suite name key and life") {
  InMemoryOperator city;
  const auto& key = city.keys().public_key;
  const EpochId id = epoch_id("Stadt", key, UnixTime(1), UnixTime(2));
  REQUIRE(id == epoch_id("Stadt", key, UnixTime(1), UnixTime(2)));
  REQUIRE(id != epoch_id("Stad", key, UnixTime(1), UnixTime(2)));
  REQUIRE(id != epoch_id("Stadt", key, UnixTime(0), UnixTime(2)));
  REQUIRE(id != epoch_id("Stadt", key, UnixTime(1), UnixTime(3)));
  REQUIRE(id != epoch_id("Stadt", InMemoryOperator(5).keys().public_key, UnixTime(1), UnixTime(2)));
}

TEST_CASE("every epoch has a key of its own") {
  DeterministicRandom random(1);
  const auto one = make_epoch_key(InMemoryOperator::suite(), "Stadt", UnixTime(1), random).value();
  const auto two = make_epoch_key(InMemoryOperator::suite(), "Stadt", UnixTime(1), random).value();
  REQUIRE(one.public_key != two.public_key);
}

}  // namespace blindbook::protocol
