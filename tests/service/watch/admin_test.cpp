#include "blindbook/service/watch/admin.h"

#include <optional>

#include <nlohmann/json.hpp>

#include "tests/service/application/test_service.h"

namespace blindbook::test_support {
namespace {

/// A worker with its operator's port, driven without a socket.
class Watched {
 public:
  Watched() {
    next_edition(city_, some_bytes(1'000));
    files_.publish(city_);
    served_ = service::ServedSets::open(files_.source(city_), kNow).value();
    admin_.emplace(service::Admin::Parts{.served = *served_,
                                         .events = events,
                                         .ledger = ledger,
                                         .pool = pool_,
                                         .queue_limit = 8,
                                         .connections = [] { return std::size_t{3}; },
                                         .clock = [this] { return now; },
                                         .version = "9.9",
                                         .kernel = "checked"});
  }
  [[nodiscard]] http::Response ask(const std::string& target, const std::string& method = "GET") const {
    http::Request request;
    request.method = method;
    request.target = target;
    return admin_->answer(request);
  }
  [[nodiscard]] std::string text(const std::string& target) const {
    return std::string(text_of(ask(target).body));
  }
  [[nodiscard]] bool shows(const std::string& line) const {
    return ("\n" + text("/metrics")).find("\n" + line + "\n") != std::string::npos;
  }
  service::Admin& admin() { return *admin_; }

  UnixTime now = kNow;
  ScriptedLedger scripted;
  service::EventMetrics events;
  service::WatchedLedger ledger{scripted};

 private:
  InMemoryOperator city_;
  PublicFolder files_;
  std::unique_ptr<service::ServedSets> served_;
  service::WorkerPool pool_{2, 8};
  std::optional<service::Admin> admin_;
};

TEST_CASE("a ready worker says so") {
  const Watched watched;
  CHECK(watched.ask("/readyz").status == 200);
  CHECK(watched.text("/readyz") == "ready\n");
  CHECK(watched.shows("blindbook_ready 1"));
  CHECK(watched.shows("blindbook_unready{reason=\"ledger\"} 0"));
}

TEST_CASE("a worker that is not ready names every reason") {
  Watched watched;
  watched.scripted.outcome = []() -> Result<service::ChargeOutcome> {
    return unavailable("ledger.storage", "the disk is full");
  };
  CHECK_FALSE(watched.ledger.charge({"messenger", "alice", Digest(), 16}, kNow).has_value());
  watched.admin().begin_draining();
  watched.now = UnixTime(kNow.value() + protocol::kAnnouncementLife + 1);
  const http::Response answer = watched.ask("/readyz");
  CHECK(answer.status == 503);
  CHECK(watched.text("/readyz") == "old-announcement\nledger\ndraining\n");
  CHECK(watched.shows("blindbook_ready 0"));
  CHECK(watched.shows("blindbook_unready{reason=\"ledger\"} 1"));
  CHECK(watched.shows("blindbook_unready{reason=\"no-live-key\"} 0"));
  CHECK(watched.ask("/healthz").status == 200);
}

TEST_CASE("metrics are plain text that nobody keeps") {
  const Watched watched;
  const http::Response answer = watched.ask("/metrics");
  CHECK(answer.status == 200);
  CHECK(answer.content_type == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(answer.headers == decltype(answer.headers){{"Cache-Control", "no-store"}});
  CHECK(watched.shows("blindbook_build_info{version=\"9.9\",kernel=\"checked\"} 1"));
  CHECK(watched.shows("blindbook_announcement_seq 1"));
  CHECK(watched.shows("blindbook_announcement_valid_until_timestamp_seconds " +
                      std::to_string(kNow.value() + protocol::kAnnouncementLife)));
  CHECK(watched.shows("blindbook_epochs_live 1"));
  CHECK(watched.shows("blindbook_epoch_end_timestamp_seconds " +
                      std::to_string(InMemoryOperator::not_after().value())));
  CHECK(watched.shows("blindbook_connections 3"));
  CHECK(watched.shows("blindbook_queue_limit 8"));
  CHECK(watched.shows("blindbook_workers 2"));
}

TEST_CASE("the port of the operator has nothing else") {
  const Watched watched;
  CHECK(watched.ask("/").status == 404);
  CHECK(watched.ask("/v1/announcement").status == 404);
  CHECK(watched.ask("/metrics/").status == 404);
  CHECK(watched.ask("/metrics?name=x").status == 404);
  const http::Response answer = watched.ask("/metrics", "POST");
  CHECK(answer.status == 405);
  CHECK(answer.headers.back() == std::pair<std::string, std::string>("Allow", "GET, HEAD"));
  CHECK(watched.ask("/readyz", "HEAD").status == 200);
}

TEST_CASE("every route and problem of the public port is counted under its own name") {
  TestService service;
  service::EventMetrics metrics;
  http::HttpConnection client = service.connect();
  static_cast<void>(client.get("/v1/announcement"));
  static_cast<void>(client.get(service.directory_path()));
  static_cast<void>(client.get("/v1/log?from=99"));
  static_cast<void>(client.get("/healthz"));
  static_cast<void>(client.get("/v1/evaluate"));
  evaluate(client, "Bearer none", {});
  evaluate(client, service.token("alice"), {});
  evaluate(client, service.token("alice"), service.request(16).body);
  evaluate(client, service.token("alice"), Bytes(1'000'000));  // refused by the server itself
  for (const std::string& line : service.log()) {
    const nlohmann::json json = nlohmann::json::parse(line);
    service::Event event{"request",
                         {{"route", json.at("route").get<std::string>()},
                          {"status", json.at("status").get<std::uint64_t>()},
                          {"milliseconds", json.at("milliseconds").get<std::uint64_t>()}}};
    if (json.contains("problem")) {
      event.fields.emplace_back("problem", json.at("problem").get<std::string>());
    }
    metrics.count(event);
  }
  service::PrometheusText out;
  metrics.write(out);
  for (const char* series :
       {"requests_total{route=\"/v1/announcement\",status=\"200\"} 1",
        "requests_total{route=\"/v1/directory\",status=\"200\"} 1",
        "requests_total{route=\"/v1/log\",status=\"404\"} 1",
        "requests_total{route=\"/healthz\",status=\"200\"} 1",
        "requests_total{route=\"/v1/evaluate\",status=\"405\"} 1",
        "requests_total{route=\"/v1/evaluate\",status=\"401\"} 1",
        "requests_total{route=\"/v1/evaluate\",status=\"400\"} 1",
        "requests_total{route=\"/v1/evaluate\",status=\"200\"} 1",
        "requests_total{route=\"other\",status=\"413\"} 1", "problems_total{problem=\"too-large\"} 1",
        "problems_total{problem=\"token\"} 1", "problems_total{problem=\"header\"} 1",
        "problems_total{problem=\"method\"} 1"}) {
    CAPTURE(series);
    CHECK(out.text().find("\nblindbook_" + std::string(series) + "\n") != std::string::npos);
  }
  CHECK(out.text().find("problem=\"other\"} 0") != std::string::npos);
}

}  // namespace
}  // namespace blindbook::test_support
