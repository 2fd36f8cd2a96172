#include "blindbook/protocol/announcement.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "blindbook/base/domains.h"

#include "tests/protocol/in_memory_operator.h"

namespace blindbook::protocol {
namespace {

using namespace test_support;
using nlohmann::json;

std::string json_in(const Bytes& object) {
  return std::string(text_of(ByteView(object).subspan(8 + Ed25519Signature::kSize)));
}

/// An object with this JSON, signed as the operator would sign it.
Bytes signed_json(const InMemoryOperator& city, const std::string& text) {
  ByteWriter out;
  out.raw(magic::kAnnouncement);
  out.raw(city.announcer().sign({bytes_of(domain::kAnnouncement), bytes_of(text)}).view());
  out.raw(text);
  return std::move(out).take();
}

Error error_of(const InMemoryOperator& city, const Bytes& object) {
  const auto opened = open_announcement(object, city.root_key());
  REQUIRE_FALSE(opened.has_value());
  return opened.error();
}

/// The rule that rejects a validly signed announcement after `change`; the fault must be the peer's.
template <class Change>
std::string_view rule_after(InMemoryOperator& city, Change&& change) {
  json all = json::parse(json_in(city.announce()));
  change(all);
  const Error error = error_of(city, signed_json(city, all.dump()));
  REQUIRE(error.fault == Fault::kPeerMisbehaved);
  return error.rule;
}

}  // namespace

TEST_CASE("an announcement opens to what was signed") {
  InMemoryOperator city;
  city.publish({{berlin(1), "one"}});
  city.epoch_to_announce().edition = Edition(9);
  city.epoch_to_announce().patches = {{Edition(3), 100, Digest()}, {Edition(8), 50, Digest()}};
  const Bytes object = city.announce();
  const auto opened = open_announcement(object, city.root_key()).value();
  REQUIRE(opened.announcement == city.next());
  REQUIRE(opened.object == object);
  REQUIRE(opened.certificate.serial == 1);
  REQUIRE(opened.head == next_head(Head(), object));
  REQUIRE(check_fresh(opened, kNow).has_value());
}

TEST_CASE("an announced epoch without an edition has neither root nor size") {
  InMemoryOperator city;
  const auto opened = open_announcement(city.announce(), city.root_key()).value();
  REQUIRE(opened.announcement.epochs[0].edition == Edition(0));
  REQUIRE(json::parse(json_in(opened.object))["epochs"][0]["root"].is_null());
}

TEST_CASE("members added by a later version are passed over") {
  InMemoryOperator city;
  city.publish({});
  json all = json::parse(json_in(city.announce()));
  all["later"] = "news";
  REQUIRE(open_announcement(signed_json(city, all.dump()), city.root_key()).has_value());
}

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
  const std::string text = json_in(city.announce()) + std::string(kMaxAnnouncementBytes, ' ');
  REQUIRE(error_of(city, signed_json(city, text)).rule == "announcement.size");
}

TEST_CASE("an announcement that is not strict json is refused") {
  InMemoryOperator city;
  city.publish({});
  const std::string text = json_in(city.announce());
  REQUIRE(error_of(city, signed_json(city, text + "x")).rule == "announcement.format");
  REQUIRE(error_of(city, signed_json(city, "{\"seq\":2," + text.substr(1))).rule == "announcement.format");
  std::string with_float = text;
  with_float.replace(with_float.find("\"seq\":1"), 7, "\"seq\":1.0");
  REQUIRE(error_of(city, signed_json(city, with_float)).rule == "announcement.format");
}

TEST_CASE("a signed announcement is refused when") {
  InMemoryOperator city;
  city.publish({{berlin(1), "one"}});
  const auto rule = [&](auto&& change) { return rule_after(city, change); };

  SECTION("its schema is unknown") {
    REQUIRE(rule([](json& all) { all["schema"] = "blindbook.announcement/2"; }) == "announcement.schema");
  }
  SECTION("a member is missing") {
    for (const char* name : {"operator", "seq", "issued_at", "valid_until", "previous_head", "epochs",
                             "allowance", "next_publication"}) {
      REQUIRE(rule([&](json& all) { all.erase(name); }) == "announcement.schema");
    }
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
  SECTION("the operator name holds an escape") {
    REQUIRE(rule([](json& all) { all["operator"] = "City\x1b[31m"; }) == "announcement.schema");
  }
  SECTION("its batch sizes are others") {
    REQUIRE(rule([](json& all) { all["batch_sizes"] = {1, 2, 3}; }) == "announcement.constants");
  }
  SECTION("its tag width is another") {
    REQUIRE(rule([](json& all) { all["tag_bits"] = 40; }) == "announcement.constants");
  }
  SECTION("its suite is none of v1") {
    REQUIRE(rule([](json& all) { all["epochs"][0]["suite"] = 77; }) == "announcement.constants");
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
  }
  SECTION("labels contradict their mode") {
    REQUIRE(rule([](json& all) { all["epochs"][0]["label_mode"] = "none"; }) == "announcement.epoch");
    REQUIRE(rule([](json& all) { all["epochs"][0]["label_bytes"] = 0; }) == "announcement.epoch");
    REQUIRE(rule([](json& all) { all["epochs"][0]["label_bytes"] = 513; }) == "announcement.epoch");
    REQUIRE(rule([](json& all) { all["epochs"][0]["label_mode"] = "other"; }) == "announcement.schema");
  }
  SECTION("an unpublished epoch has a size") {
    REQUIRE(rule([](json& all) {
              all["epochs"][0]["edition"] = 0;
              all["epochs"][0]["root"] = nullptr;
            }) == "announcement.epoch");
  }
  SECTION("epochs are out of order") {
    REQUIRE(rule([](json& all) { all["epochs"].push_back(all["epochs"][0]); }) == "announcement.epoch");
  }
  SECTION("a patch leads from the future") {
    REQUIRE(rule([](json& all) {
              all["epochs"][0]["patches"] = {{{"from", 1}, {"size", 1}, {"sha256", std::string(64, '0')}}};
            }) == "announcement.schema");
  }
}

TEST_CASE("an unknown profile or suite asks for an upgrade and accuses nobody") {
  InMemoryOperator city;
  city.publish({});
  json all = json::parse(json_in(city.announce()));
  SECTION("profile") {
    all["profile"] = "e164/2";
  }
  SECTION("suite") {
    all["epochs"][0]["suite"] = 2;
  }
  const Error error = error_of(city, signed_json(city, all.dump()));
  REQUIRE(error.fault == Fault::kUnavailable);
  REQUIRE(error.hint == "upgrade blindbook");
}

TEST_CASE("an announcement is fresh for its days and 10 minutes more") {
  InMemoryOperator city;
  city.publish({});
  const auto opened = open_announcement(city.announce(), city.root_key()).value();
  const auto rule_at = [&](std::uint64_t at) -> std::string_view {
    const auto fresh = check_fresh(opened, UnixTime(at));
    return fresh ? "" : fresh.error().rule;
  };
  const std::uint64_t issued = kNow.value();
  REQUIRE(rule_at(issued).empty());
  REQUIRE(rule_at(issued - kClockTolerance).empty());
  REQUIRE(rule_at(issued - kClockTolerance - 1) == "announcement.from-the-future");
  REQUIRE(rule_at(issued + kAnnouncementLife + kClockTolerance).empty());
  REQUIRE(rule_at(issued + kAnnouncementLife + kClockTolerance + 1) == "announcement.stale");
}

TEST_CASE("an announcement under an expired certificate is not fresh") {
  InMemoryOperator city;
  city.publish({});
  city.next().certificate = issue_certificate({.serial = 1,
                                               .key = city.announcer().public_key(),
                                               .not_before = UnixTime(kNow.value() - 2 * kDay),
                                               .not_after = UnixTime(kNow.value() - kDay)},
                                              city.root())
                                .value();
  const auto opened = open_announcement(city.announce(), city.root_key()).value();
  REQUIRE(check_fresh(opened, kNow).error().rule == "certificate.expired");
}

TEST_CASE("a certificate opens to what the root signed") {
  InMemoryOperator city;
  const Certificate certificate{.serial = 7,
                                .key = city.announcer().public_key(),
                                .not_before = kNow,
                                .not_after = UnixTime(kNow.value() + 1)};
  const Bytes bytes = issue_certificate(certificate, city.root()).value();
  REQUIRE(bytes.size() == kCertificateBytes);
  REQUIRE(open_certificate(bytes, city.root_key()).value() == certificate);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    Bytes bad = bytes;
    bad[at] ^= 1;
    REQUIRE(open_certificate(bad, city.root_key()).error().fault == Fault::kPeerMisbehaved);
    REQUIRE_FALSE(open_certificate(ByteView(bytes).first(at), city.root_key()).has_value());
  }
}

TEST_CASE("a certificate lives at most 400 days") {
  InMemoryOperator city;
  const auto issue = [&](std::uint64_t life) {
    return issue_certificate(
        {.serial = 1, .key = {}, .not_before = kNow, .not_after = UnixTime(kNow.value() + life)},
        city.root());
  };
  REQUIRE(issue(400 * kDay).has_value());
  REQUIRE(issue(400 * kDay + 1).error().rule == "certificate.life");
  REQUIRE(issue(0).error().rule == "certificate.life");
}

}  // namespace blindbook::protocol
