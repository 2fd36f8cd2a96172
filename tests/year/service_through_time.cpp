#include "tests/year/service_through_time.h"

#include <ctime>
#include <stdexcept>

namespace blindbook::year {
namespace {

template <class T>
T value_of(Result<T> result, const char* what) {
  if (!result) {
    throw std::runtime_error(std::string(what) + ": " + std::string(result.error().rule) + ": " +
                             result.error().message);
  }
  return std::move(*result);
}

double cpu_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

}  // namespace

ServiceThroughTime::ServiceThroughTime(protocol::LabelMode labels) : labels_(labels) {
  pool_.emplace(2U, 16U);
  folder_.emplace(value_of(service::OperatorFolder::create(place_ / "operator",
                                                           {.name = "City of Example",
                                                            .protection = protocol::KeyProtection::kNone,
                                                            .passphrase = {},
                                                            .root_key_out = {},
                                                            .slot_folder = {},
                                                            .public_url = {},
                                                            .now = kBegin},
                                                           random_),
                           "init"));
  token_key_.emplace(value_of(folder_->load_token_key(), "the token key"));
}

ServiceThroughTime::~ServiceThroughTime() {
  if (server_) {
    server_->drain(std::chrono::seconds(10));
  }
  pool_.reset();
}

void ServiceThroughTime::set_clock(UnixTime now) {
  if (now < this->now()) {
    throw std::logic_error("the clock does not go back");
  }
  now_ = now.value();
  refresh();
}

void ServiceThroughTime::refresh() {
  if (served_) {
    static_cast<void>(value_of(served_->refresh(now()), "the service"));
  }
}

double ServiceThroughTime::publish(const Town& town) {
  Town::Source rows(town);
  std::optional<std::string> label_template;
  if (labels_ != protocol::LabelMode::kNone) {
    label_template = "@{}:city.example";
  }
  const double before = cpu_seconds();
  service::PublishReport report = value_of(
      service::publish(*folder_, rows,
                       {.region = {},
                        .labels = {.mode = labels_, .label_bytes = {}, .label_template = label_template},
                        .now = now(),
                        .progress = {},
                        .on_rejected = {}},
                       *pool_, random_),
      "publish");
  const double took = cpu_seconds() - before;
  announcement_ = std::move(report.announcement);
  evaluated_ = report.evaluated;
  if (server_) {
    refresh();
  } else {
    serve();
  }
  return took;
}

void ServiceThroughTime::erase(const Identifier& number) {
  const service::ErasureReceipt receipt =
      value_of(service::erase_number(*folder_, number, now(), random_), "erase");
  if (!receipt.was_published || !receipt.announced) {
    throw std::runtime_error("a subscriber was not there to be erased");
  }
  announcement_ = receipt.announced->announcement;
  refresh();
}

void ServiceThroughTime::serve() {
  served_ =
      value_of(service::ServedSets::open({folder_->public_folder(), folder_->config().root,
                                          [this](UnixTime now) { return folder_->load_epoch_keys(now); }},
                                         now()),
               "the service");
  ledger_ = value_of(service::SqliteLedger::open(place_ / "ledger.db", folder_->config().allowance,
                                                 {.monotonic = [this] { return now_.load(); }}),
                     "the ledger");
  const protocol::Issuer& issuer = folder_->config().issuers.front();
  tokens_.emplace(protocol::TokenVerifier({issuer}, folder_->operator_id()));
  application_.emplace(service::Application::Parts{*served_, *tokens_, *ledger_, *pool_, random_,
                                                   [this] { return now(); }, [](const service::Event&) {},
                                                   [this] { return now_.load(); }});
  server_ = value_of(service::http::HttpServer::listen({}, application_->router()), "the port");
}

service::http::Endpoint ServiceThroughTime::endpoint() const {
  return {.tls = false, .host = "127.0.0.1", .port = server_->port()};
}

std::string ServiceThroughTime::token(const std::string& account) {
  const protocol::Issuer& issuer = folder_->config().issuers.front();
  return value_of(protocol::mint_token(*token_key_,
                                       {.issuer = issuer.name,
                                        .kid = issuer.kid,
                                        .audience = folder_->operator_id(),
                                        .account = account,
                                        .issued_at = now()},
                                       random_),
                  "a token");
}

}  // namespace blindbook::year
