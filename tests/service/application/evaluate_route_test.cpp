#include <future>
#include <set>
#include <thread>

#include "blindbook/service/sqlite_ledger.h"

#include "tests/service/application/evaluate_scene.h"
#include "tests/service/application/test_service.h"
#include "tests/service/http/raw_socket.h"

namespace blindbook::test_support {
namespace {

using service::Charged;
using service::Overspent;
using service::RetriesUsedUp;

TEST_CASE("an evaluation is charged and answered with a proof that verifies") {
  TestService service;
  http::HttpConnection client = service.connect();
  const std::uint32_t count = GENERATE(16U, 256U, 1024U);
  BlindedRequest request = service.request(count);
  const http::Answer answer = evaluate(client, service.token("alice"), request.body);
  REQUIRE(answer.status == 200);
  CHECK(answer.header("Cache-Control") == "no-store");
  const std::vector<service::Charge> charges = service.ledger.charges();
  REQUIRE(charges.size() == 1);
  CHECK(charges[0].issuer == "messenger");
  CHECK(charges[0].account == "alice");
  CHECK(charges[0].cost == count);
  CHECK(charges[0].digest == protocol::digest_of_request(request.body));
  check_answer(service, std::move(request), answer.body);
}

TEST_CASE("the largest batch fits the body limit") {
  TestService service;
  http::HttpConnection client = service.connect();
  service.ledger.outcome = [] { return service::ChargeOutcome(Overspent{0, 1}); };
  Bytes body = service.request(16).body;
  const Bytes element(body.begin() + protocol::kRequestHeaderBytes,
                      body.begin() + protocol::kRequestHeaderBytes + 32);
  Bytes elements;
  for (std::uint32_t i = 0; i < protocol::kLargestBatch; ++i) {
    elements.insert(elements.end(), element.begin(), element.end());
  }
  body = protocol::encode_request(service.city.keys().public_key, service.city.epoch().id,
                                  protocol::kLargestBatch, elements);
  CHECK(problem_name(evaluate(client, service.token("alice"), body)) == "allowance");
}

TEST_CASE("of several faults the earliest rule answers") {
  TestService service(1, 1);
  http::HttpConnection client = service.connect();
  service.ledger.outcome = [] { return service::ChargeOutcome(Overspent{3, 100}); };
  const std::string good = service.token("alice");
  const Bytes valid = service.request(16).body;
  Bytes bad_element = valid;
  std::fill(bad_element.end() - 32, bad_element.end(), std::uint8_t{0xff});
  Bytes dead_epoch = bad_element;
  dead_epoch[7] ^= 1;
  Bytes short_body = dead_epoch;
  short_body.pop_back();
  Bytes bad_size = short_body;
  bad_size[23] = 17;
  Bytes bad_header = bad_size;
  bad_header[0] ^= 1;
  const auto name = [&](const std::string& token, const Bytes& body) {
    return problem_name(evaluate(client, token, body));
  };
  {
    const FullQueue full(service.pool(), 1);
    CHECK(name("Bearer x", bad_header) == "token");
    CHECK(name(good, bad_header) == "header");
    CHECK(name(good, bad_size) == "batch-size");
    CHECK(name(good, short_body) == "length");
    CHECK(name(good, dead_epoch) == "epoch");
    CHECK(name(good, bad_element) == "busy");
  }
  CHECK(name(good, bad_element) == "element");
  CHECK(service.ledger.charges().empty());  // everything so far was free
  CHECK(name(good, valid) == "allowance");
  CHECK(service.ledger.charges().size() == 1);
}

TEST_CASE("a bad element is named and costs nothing") {
  TestService service;
  http::HttpConnection client = service.connect();
  Bytes body = service.request(64).body;
  const auto at = body.begin() + protocol::kRequestHeaderBytes + 32 * 41;
  const std::uint8_t fill =
      GENERATE(std::uint8_t{0}, std::uint8_t{0xff});  // the identity, and no encoding at all
  std::fill(at, at + 32, fill);
  const http::Answer answer = evaluate(client, service.token("alice"), body);
  CHECK(answer.status == 400);
  CHECK(problem_name(answer) == "element");
  CHECK(text_of(answer.body).find("41") != std::string_view::npos);
  CHECK(service.ledger.charges().empty());
}

TEST_CASE("an access token is needed and must allow evaluations") {
  TestService service;
  http::HttpConnection client = service.connect();
  const Bytes body = service.request(16).body;
  const std::string good = service.token("alice");
  for (const std::string& refused :
       {std::string(), std::string("Bearer "), "Basic " + good.substr(7), good + "x", good.substr(7),
        service.token("alice", {.evaluate = false, .resolve = true})}) {
    const http::Answer answer = evaluate(client, refused, body);
    CHECK(answer.status == 401);
    CHECK(problem_name(answer) == "token");
    CHECK(answer.header("WWW-Authenticate") == "Bearer");
  }
  CHECK(service.ledger.charges().empty());
  CHECK(evaluate(client, "bEARER " + good.substr(7), body).status == 200);
  service.now += 3600;
  CHECK(evaluate(client, good, body).status == 401);  // expired
}

TEST_CASE("what the ledger refuses has its own problem and retry after") {
  TestService service;
  http::HttpConnection client = service.connect();
  struct Case {
    Result<service::ChargeOutcome> outcome;
    unsigned status;
    std::string name;
    std::uint64_t retry_after;
  };
  const std::vector<Case> cases{
      {service::ChargeOutcome(Overspent{15, 4711}), 429, "allowance", 4711},
      {service::ChargeOutcome(Overspent{15, ~std::uint64_t{0}}), 429, "allowance", 99'999'999},
      {service::ChargeOutcome(RetriesUsedUp{8000}), 429, "retries", 8000},
      {unavailable("ledger.ceiling", "used up"), 503, "ceiling", 3600},
      {unavailable("ledger.storage", "disk full"), 503, "storage", 60},
  };
  for (const Case& one : cases) {
    service.ledger.outcome = [&one] { return one.outcome; };
    const http::Answer answer = evaluate(client, service.token("alice"), service.request(16).body);
    CHECK(answer.status == one.status);
    CHECK(problem_name(answer) == one.name);
    CHECK(answer.retry_after() == one.retry_after);
  }
}

TEST_CASE("every request counts towards sixty an hour") {
  TestService service;
  http::HttpConnection client = service.connect();
  const Bytes body = service.request(16).body;
  for (std::uint32_t i = 0; i < service::kRequestsPerHour; ++i) {
    // Refused ones count as well: every other one has a header that is none.
    CHECK(evaluate(client, service.token("alice"), i % 2 == 0 ? body : Bytes{1}).status ==
          (i % 2 == 0 ? 200U : 400U));
  }
  const http::Answer refused = evaluate(client, service.token("alice"), body);
  CHECK(refused.status == 429);
  CHECK(problem_name(refused) == "rate");
  CHECK(refused.retry_after() == 3600);
  CHECK(service.ledger.charges().size() == service::kRequestsPerHour / 2);
  CHECK(evaluate(client, service.token("bob"), body).status == 200);
  service.monotonic += 3600;
  CHECK(evaluate(client, service.token("alice"), body).status == 200);
}

TEST_CASE("a wall clock that jumps ahead and is set right locks nobody out") {
  TestService service;
  http::HttpConnection client = service.connect();
  const std::uint64_t right = service.now;
  const auto ask = [&] { return evaluate(client, service.token("alice"), Bytes{1}).status; };
  service.now = right + 86'400;
  CHECK(ask() == 400);
  service.now = right;
  for (std::uint32_t i = 1; i < service::kRequestsPerHour; ++i) {
    CHECK(ask() == 400);
  }
  CHECK(ask() == 429);
  service.monotonic += 3600;
  service.now = right + 3600;
  CHECK(ask() == 400);
}

TEST_CASE("all problems of one status have one length") {
  TestService service(1, 1);
  http::HttpConnection client = service.connect();
  const std::string good = service.token("alice");
  const Bytes valid = service.request(16).body;
  const auto length = [&](const std::string& token, const Bytes& body, unsigned status) {
    CHECK(evaluate(client, token, body).status == status);
    const http::Attempt& answered = client.last_attempts().back();
    return answered.head_received + answered.body_received;
  };
  Bytes bad_element = valid;
  std::fill(bad_element.end() - 32, bad_element.end(), std::uint8_t{0xff});
  Bytes bad_size = valid;
  bad_size[23] = 17;
  CHECK(std::set{length(good, {}, 400), length(good, bad_size, 400), length(good, bad_element, 400)}.size() ==
        1);
  CHECK(std::set{length("", valid, 401), length("Bearer x", valid, 401)}.size() == 1);
  service.ledger.outcome = [] { return service::ChargeOutcome(Overspent{15, 4'000'000}); };
  const std::uint64_t overspent = length(good, valid, 429);
  service.ledger.outcome = [] { return service::ChargeOutcome(RetriesUsedUp{8}); };
  CHECK(length(good, valid, 429) == overspent);
  service.ledger.outcome = [] { return unavailable("ledger.storage", "disk full"); };
  const std::uint64_t storage = length(good, valid, 503);
  const FullQueue full(service.pool(), 1);
  CHECK(length(good, valid, 503) == storage);
}

TEST_CASE("without a token no body is read") {
  TestService service;
  const RawSocket socket(service.server().port());
  REQUIRE(socket.send("POST /v1/evaluate HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"));
  CHECK(socket.read_until("\r\n\r\n").starts_with("HTTP/1.1 401 "));
}

TEST_CASE("a failure inside is 500 and logged") {
  TestService service;
  http::HttpConnection client = service.connect();
  service.ledger.outcome = []() -> Result<service::ChargeOutcome> { throw std::runtime_error("planted"); };
  const http::Answer answer = evaluate(client, service.token("alice"), service.request(16).body);
  CHECK(answer.status == 500);
  CHECK(text_of(answer.body).find("planted") == std::string_view::npos);
  const std::vector<std::string> log = service.log();
  CHECK(std::any_of(log.begin(), log.end(),
                    [](const std::string& line) { return line.find("planted") != std::string::npos; }));
}

TEST_CASE("the log holds neither accounts nor tokens nor addresses nor sizes") {
  TestService service;
  http::HttpConnection client = service.connect();
  const std::string token = service.token("alice");
  const Bytes body = service.request(256).body;
  CHECK(evaluate(client, token, body).status == 200);
  const std::vector<std::string> log = service.log();
  REQUIRE(log.size() == 1);
  CHECK(log[0].starts_with(
      R"({"time":1800000000,"event":"request","route":"/v1/evaluate","status":200,"milliseconds":)"));
  for (const std::string& secret : {std::string("alice"), std::string("127.0.0.1"), std::string("256"),
                                    std::to_string(body.size()), token.substr(7, 20)}) {
    CHECK(log[0].find(secret) == std::string::npos);
  }
}

TEST_CASE("a request repeated to the real ledger is answered twice and charged once") {
  TestService service;
  const TemporaryFolder folder;
  const auto ledger = service::SqliteLedger::open(folder / "blindbook.db", {}).value();
  const Bytes body = service.request(16).body;
  service.ledger.outcome = [&] {
    return ledger->charge({"messenger", "alice", protocol::digest_of_request(body), 16}, kNow);
  };
  http::HttpConnection client = service.connect();
  const http::Answer first = evaluate(client, service.token("alice"), body);
  const http::Answer second = evaluate(client, service.token("alice"), body);
  REQUIRE(first.status == 200);
  REQUIRE(second.status == 200);
  const std::size_t header = protocol::kAnswerHeaderBytes + 16 * 32;
  CHECK(Bytes(first.body.begin(), first.body.begin() + header) ==
        Bytes(second.body.begin(), second.body.begin() + header));
}

}  // namespace
}  // namespace blindbook::test_support
