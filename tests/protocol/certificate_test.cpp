#include "blindbook/protocol/certificate.h"

#include <catch2/catch.hpp>

#include "blindbook/base/domains.h"

#include "tests/protocol/in_memory_operator.h"

namespace blindbook::protocol {
namespace {

using namespace test_support;

/// Signed by the root, whatever it holds.
Bytes signed_certificate(const InMemoryOperator& city, std::uint8_t version, std::uint64_t life) {
  ByteWriter out;
  out.raw(magic::kCertificate).u8(version).u64(1).raw(city.announcer().public_key().view());
  out.u64(kNow.value()).u64(kNow.value() + life);
  out.raw(city.root().sign({bytes_of(domain::kCertificate), out.view()}).view());
  return std::move(out).take();
}

}  // namespace

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

TEST_CASE("a certificate of another form is refused though the root signed it") {
  InMemoryOperator city;
  const auto rule = [&](const Bytes& bytes) { return open_certificate(bytes, city.root_key()).error().rule; };
  const Bytes good = signed_certificate(city, 1, kDay);
  REQUIRE(open_certificate(good, city.root_key()).has_value());
  REQUIRE(rule(signed_certificate(city, 2, kDay)) == "certificate.format");
  REQUIRE(rule(Bytes(good.begin(), good.end() - 1)) == "certificate.format");
  REQUIRE(rule({}) == "certificate.format");
  Bytes longer = good;
  longer.push_back(0);
  REQUIRE(rule(longer) == "certificate.format");
}

TEST_CASE("a certificate signed by another key than the pinned root is refused") {
  const InMemoryOperator city;
  const InMemoryOperator other(2);
  REQUIRE(open_certificate(signed_certificate(other, 1, kDay), city.root_key()).error().rule ==
          "certificate.signature");
}

TEST_CASE("a certificate that lives not at all or too long is refused though the root signed it") {
  const InMemoryOperator city;
  const auto opened = [&](std::uint64_t life) {
    return open_certificate(signed_certificate(city, 1, life), city.root_key());
  };
  REQUIRE(opened(400 * kDay).has_value());
  for (const std::uint64_t life : {std::uint64_t{0}, 400 * kDay + 1, ~std::uint64_t{0}}) {
    REQUIRE(opened(life).error().rule == "certificate.life");
    REQUIRE(opened(life).error().fault == Fault::kPeerMisbehaved);
  }
}

TEST_CASE("a certificate is issued for at most 400 days") {
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
