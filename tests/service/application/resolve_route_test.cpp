#include "blindbook/protocol/resolve.h"
#include "blindbook/service/label_store.h"
#include "blindbook/service/sqlite_ledger.h"

#include "tests/service/application/test_service.h"

namespace blindbook::test_support {
namespace {

using service::Bucket;
using service::ChargeOutcome;
using service::Overspent;
using service::RetriesUsedUp;

constexpr protocol::TokenScope kResolve{.evaluate = false, .resolve = true};

/// A service whose labels are resolved on use.
struct ResolvingService : TestService {
  ResolvingService() { publish({{berlin(3), "anna"}}); }

  void publish(const std::vector<std::pair<Identifier, std::string>>& subscribers) {
    city.publish_with(subscribers, protocol::LabelMode::kResolve);
    service::LabelStoreBuilder builder(24);
    for (const auto& [handle, sealed] : city.labels()) {
      builder.add(handle, sealed);
    }
    REQUIRE(builder.write(files.labels(), city.epoch(), nullptr, city.random()));
    files.publish(city);
    REQUIRE(served->refresh(kNow).value());
  }
  protocol::LabelQuestion question(int who) {
    return protocol::ask_for_label(city.epoch(), city.evaluate(berlin(who))).value();
  }
  http::Answer ask(int who, const std::string& authorization) {
    return connect()
        .post("/v1/resolve", "application/octet-stream", question(who).request, authorization)
        .value();
  }
  http::Answer ask(int who) { return ask(who, token("alice", kResolve)); }
  std::optional<std::string> label(int who, const http::Answer& answer) {
    return protocol::open_label(city.epoch(), city.evaluate(berlin(who)), question(who).digest, answer.body)
        .value();
  }
};

TEST_CASE("a label is charged as one and answered") {
  ResolvingService service;
  const http::Answer answer = service.ask(3);
  REQUIRE(answer.status == 200);
  CHECK(answer.header("Cache-Control") == "no-store");
  CHECK(service.label(3, answer) == "@anna:city.example");
  const auto charges = service.ledger.charges();
  REQUIRE(charges.size() == 1);
  CHECK(charges[0].account == "alice");
  CHECK(charges[0].cost == 1);
  CHECK(charges[0].bucket == Bucket::kLabels);
  CHECK(charges[0].digest == service.question(3).digest);
}

TEST_CASE("who has a handle and who does not is answered and charged alike") {
  ResolvingService service;
  const http::Answer hit = service.ask(3);
  const http::Answer miss = service.ask(4);
  CHECK(hit.status == miss.status);
  CHECK(hit.content_type == miss.content_type);
  CHECK(hit.body.size() == miss.body.size());
  CHECK(service.label(4, miss) == std::nullopt);
  CHECK(service.ask(4).body == miss.body);
  const auto charges = service.ledger.charges();
  REQUIRE(charges.size() == 3);
  CHECK(charges[0].cost == charges[1].cost);
}

TEST_CASE("labels are answered out of the edition that is served") {
  ResolvingService service;
  service.publish({{berlin(4), "bert"}});
  CHECK(service.label(3, service.ask(3)) == std::nullopt);
  CHECK(service.label(4, service.ask(4)) == "@bert:city.example");
}

TEST_CASE("a store of labels that is not of the announced edition is not served") {
  ResolvingService service;
  service.city.publish_with({{berlin(4), "bert"}}, protocol::LabelMode::kResolve);
  service.files.publish(service.city);
  const auto refreshed = service.served->refresh(kNow);
  REQUIRE_FALSE(refreshed);
  CHECK(refreshed.error().rule == "served.file");
  CHECK(service.label(3, service.ask(3)) == "@anna:city.example");
}

TEST_CASE("a resolve request is refused before it costs anything when") {
  ResolvingService service;
  std::string authorization = service.token("alice", kResolve);
  Bytes body = service.question(3).request;
  unsigned status = 400;
  std::string name;
  SECTION("there is no token") {
    authorization.clear();
    status = 401;
    name = "token";
  }
  SECTION("the token is for evaluations") {
    authorization = service.token("alice");
    status = 401;
    name = "token";
  }
  SECTION("its header is another") {
    body[0] = 0;
    name = "header";
  }
  SECTION("it is longer") {
    body.push_back(0);
    name = "length";
  }
  SECTION("its epoch is unknown") {
    body[6] ^= 1;
    status = 410;
    name = "epoch";
  }
  SECTION("its epoch has ended") {
    service.now = InMemoryOperator::not_after().value() + 1;
    authorization = service.token("alice", kResolve);
    status = 410;
    name = "epoch";
  }
  SECTION("the labels of its epoch are embedded") {
    service.city.publish({{berlin(3), "anna"}});
    service.files.publish(service.city);
    REQUIRE(service.served->refresh(kNow).value());
    status = 404;
    name = "labels";
  }
  const http::Answer answer =
      authorization.empty()
          ? service.connect().post("/v1/resolve", "application/octet-stream", body, "").value()
          : service.connect().post("/v1/resolve", "application/octet-stream", body, authorization).value();
  CHECK(answer.status == status);
  CHECK(problem_name(answer) == name);
  CHECK(service.ledger.charges().empty());
}

TEST_CASE("a token for labels does not evaluate") {
  ResolvingService service;
  http::HttpConnection client = service.connect();
  CHECK(evaluate(client, service.token("alice", kResolve), service.request(16).body).status == 401);
  CHECK(
      evaluate(client, service.token("alice", {.evaluate = true, .resolve = true}), service.request(16).body)
          .status == 200);
}

TEST_CASE("labels beyond the allowance or asked for too often are refused alike for hit and miss") {
  ResolvingService service;
  std::string name;
  SECTION("overspent") {
    service.ledger.outcome = [] { return ChargeOutcome(Overspent{0, 2'700}); };
    name = "allowance";
  }
  SECTION("repeated") {
    service.ledger.outcome = [] { return ChargeOutcome(RetriesUsedUp{600}); };
    name = "retries";
  }
  const http::Answer hit = service.ask(3);
  const http::Answer miss = service.ask(4);
  CHECK(hit.status == 429);
  CHECK(problem_name(hit) == name);
  CHECK(hit.body == miss.body);
}

TEST_CASE("labels and evaluations share the requests of an hour") {
  ResolvingService service;
  for (std::uint32_t i = 0; i < service::kRequestsPerHour; ++i) {
    REQUIRE(service.ask(3).status == 200);
  }
  http::HttpConnection client = service.connect();
  CHECK(problem_name(evaluate(client, service.token("alice"), service.request(16).body)) == "rate");
  CHECK(problem_name(service.ask(3)) == "rate");
}

TEST_CASE("labels are asked for by post and the log names the route alone") {
  ResolvingService service;
  const http::Answer answer = service.connect().get("/v1/resolve").value();
  CHECK(answer.status == 405);
  static_cast<void>(service.ask(3));
  const std::vector<std::string> log = service.log();
  REQUIRE_FALSE(log.empty());
  CHECK(log.back().find("\"route\":\"/v1/resolve\",\"status\":200") != std::string::npos);
  CHECK(log.back().find("alice") == std::string::npos);
}

}  // namespace
}  // namespace blindbook::test_support
