#include "blindbook/protocol/resolve.h"

#include <catch2/catch.hpp>

#include "blindbook/base/domains.h"
#include "blindbook/hash/sha2.h"

#include "tests/protocol/in_memory_operator.h"

namespace blindbook::protocol {
namespace {

using namespace test_support;

struct Asked {
  InMemoryOperator city;
  oprf::PrfOutput output;
  LabelQuestion question;

  explicit Asked(int who = 3) {
    city.publish_with({{berlin(3), "anna"}}, LabelMode::kResolve);
    output = city.evaluate(berlin(who));
    question = ask_for_label(city.epoch(), output).value();
  }
  std::string rule_for(ByteView answer) {
    const auto opened = open_label(city.epoch(), output, question.digest, answer);
    return opened ? "" : std::string(opened.error().rule);
  }
};

TEST_CASE("a label that is resolved on use opens with the template filled in") {
  Asked asked;
  const Bytes answer = asked.city.resolve(asked.question.request).value();
  CHECK(open_label(asked.city.epoch(), asked.output, asked.question.digest, answer).value() ==
        "@anna:city.example");
}

TEST_CASE("the same label is asked for by the same bytes and another by others of one length") {
  Asked asked;
  CHECK(ask_for_label(asked.city.epoch(), asked.output)->request == asked.question.request);
  const LabelQuestion other = ask_for_label(asked.city.epoch(), asked.city.evaluate(berlin(4))).value();
  CHECK(other.request != asked.question.request);
  CHECK(other.digest != asked.question.digest);
  CHECK(other.request.size() == kResolveRequestBytes);
  CHECK(asked.question.request.size() == kResolveRequestBytes);
}

TEST_CASE("a handle that nobody has is answered at the same length and opens to no label") {
  Asked hit;
  Asked miss(4);
  const Bytes found = hit.city.resolve(hit.question.request).value();
  const Bytes nothing = miss.city.resolve(miss.question.request).value();
  CHECK(found.size() == nothing.size());
  CHECK(open_label(miss.city.epoch(), miss.output, miss.question.digest, nothing).value() == std::nullopt);
}

TEST_CASE("a label with any bit flipped opens to no label and accuses nobody") {
  Asked asked;
  Bytes answer = asked.city.resolve(asked.question.request).value();
  for (std::size_t at = kResolveAnswerHeaderBytes; at < answer.size(); ++at) {
    answer[at] ^= 0x10;
    CHECK(open_label(asked.city.epoch(), asked.output, asked.question.digest, answer).value() ==
          std::nullopt);
    answer[at] ^= 0x10;
  }
}

TEST_CASE("the service rejects a resolve request that") {
  Asked asked;
  Bytes body = asked.question.request;
  std::string wanted = "resolve.header";
  SECTION("has another magic") {
    body[3] = '2';
  }
  SECTION("has another version") {
    body[4] = 2;
  }
  SECTION("has a suite that does not exist") {
    body[5] = 9;
  }
  SECTION("is cut short") {
    body.pop_back();
    wanted = "resolve.length";
  }
  SECTION("is longer") {
    body.push_back(0);
    wanted = "resolve.length";
  }
  const auto parsed = parse_resolve_request(body);
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().rule == wanted);
  CHECK(parsed.error().fault == Fault::kPeerMisbehaved);
}

TEST_CASE("the client rejects a resolve answer that") {
  Asked asked;
  Bytes answer = asked.city.resolve(asked.question.request).value();
  SECTION("has another version") {
    answer[4] = 2;
    CHECK(asked.rule_for(answer) == "resolve-answer.header");
  }
  SECTION("answers another request") {
    answer[5] ^= 1;
    CHECK(asked.rule_for(answer) == "resolve-answer.echo");
  }
  SECTION("is shorter or longer than a label of the epoch") {
    answer.push_back(0);
    CHECK(asked.rule_for(answer) == "resolve-answer.length");
    answer.resize(answer.size() - 2);
    CHECK(asked.rule_for(answer) == "resolve-answer.length");
  }
  SECTION("is the page of a captive portal") {
    const auto opened =
        open_label(asked.city.epoch(), asked.output, asked.question.digest, bytes_of("<html>sign in</html>"));
    CHECK(opened.error().rule == "service.not-an-answer");
    CHECK(opened.error().fault == Fault::kUnavailable);
  }
}

TEST_CASE("labels are asked for only where the epoch says so") {
  InMemoryOperator city;
  city.publish_with({{berlin(3), "anna"}}, GENERATE(LabelMode::kEmbedded, LabelMode::kNone));
  CHECK(ask_for_label(city.epoch(), city.evaluate(berlin(3))).error().rule == "resolve.mode");
}

TEST_CASE("requests of two kinds never share a digest") {
  const Bytes body(kResolveRequestBytes, 7);
  CHECK(digest_of_resolve(body) != digest_of_request(body));
}

}  // namespace
}  // namespace blindbook::protocol
