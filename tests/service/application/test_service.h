#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "blindbook/protocol/codec.h"
#include "blindbook/service/application.h"
#include "blindbook/service/atomic_file.h"
#include "blindbook/service/http/client.h"
#include "blindbook/service/http/server.h"

#include "tests/protocol/in_memory_operator.h"
#include "tests/support/temporary_folder.h"

namespace blindbook::test_support {

namespace http = service::http;

/// Says what a test wants, and remembers what it was asked.
class ScriptedLedger final : public service::Ledger {
 public:
  std::function<Result<service::ChargeOutcome>()> outcome = [] {
    return service::ChargeOutcome(service::Charged{7000, false});
  };
  service::Ledger* real = nullptr;  ///< asked in place of `outcome` when there is one

  Result<service::ChargeOutcome> charge(const service::Charge& charge, UnixTime now) override {
    {
      const std::scoped_lock lock(mutex_);
      charges_.push_back(charge);
    }
    return real != nullptr ? real->charge(charge, now) : outcome();
  }
  Result<void> tick(UnixTime) override { return {}; }
  Result<void> confirm_clock() override { return {}; }
  Result<service::LedgerSize> size() override { return service::LedgerSize{}; }

  [[nodiscard]] std::vector<service::Charge> charges() const {
    const std::scoped_lock lock(mutex_);
    return charges_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<service::Charge> charges_;
};

/// An operator's public folder, filled by hand.
class PublicFolder {
 public:
  [[nodiscard]] std::filesystem::path path() const { return folder_.path(); }

  void write(const std::string& name, ByteView content) const {
    const std::filesystem::path file = folder_ / name;
    std::filesystem::create_directories(file.parent_path());
    REQUIRE(service::write_file_atomically(file, content, service::FileAccess::kEveryone).has_value());
  }

  /// Writes the directory of the operator's present edition, then the next announcement.
  void publish(InMemoryOperator& city) const {
    write("directory/" + city.epoch().id.hex() + "/" + std::to_string(city.epoch().edition.value()) + ".bbd",
          city.directory_file());
    write("announcement.bba", city.announce());
  }

  [[nodiscard]] service::ServedSource source(const InMemoryOperator& city) const {
    return {path(), city.root_key(),
            [&city](UnixTime now) -> Result<std::vector<protocol::EpochKey>> {
              std::vector<protocol::EpochKey> out;
              if (now <= city.not_after()) {
                const ByteView secret = city.keys().secret.expose();
                out.push_back({city.epoch().id, city.not_before(), city.not_after(),
                               city.suite().decode_secret_key(secret).value()});
              }
              return out;
            },
            labels()};
  }
  /// Where stores of labels stand, beside what is public.
  [[nodiscard]] std::filesystem::path labels() const { return folder_ / "labels"; }

 private:
  TemporaryFolder folder_;
};

/// The next edition, with any bytes as its directory.
inline void next_edition(InMemoryOperator& city, Bytes file) {
  city.epoch_to_announce().edition = Edition(city.epoch().edition.value() + 1);
  city.set_directory(std::move(file), 0);
}

inline Bytes some_bytes(std::size_t size) {
  Bytes out(size);
  for (std::size_t i = 0; i < size; ++i) {
    out[i] = static_cast<std::uint8_t>(i * 31 + (i >> 9));
  }
  return out;
}

/// A request of a client, with what is needed to check the answer.
struct BlindedRequest {
  std::vector<Identifier> identifiers;
  oprf::ClientBatch batch;
  Bytes body;
};

/// The whole service on a loopback port: everything real but the ledger and the clock.
class TestService {
 public:
  explicit TestService(unsigned workers = 2, std::size_t queue = 8, unsigned spare = 0)
      : pool_(std::in_place, workers, queue, spare) {
    next_edition(city, some_bytes(300'000));
    files.publish(city);
    served = service::ServedSets::open(files.source(city), kNow).value();
    application_.emplace(service::Application::Parts{*served, tokens_, ledger, *pool_, random_,
                                                     [this] { return UnixTime(now.load()); },
                                                     [this](const service::Event& event) {
                                                       const std::scoped_lock lock(mutex_);
                                                       log_.push_back(service::json_line(event, kNow));
                                                     },
                                                     [this] { return monotonic.load(); }});
    http::ServerOptions options;
    options.refused = application_->refused();
    server_ = http::HttpServer::listen(options, application_->router()).value();
  }
  TestService(const TestService&) = delete;
  TestService& operator=(const TestService&) = delete;
  ~TestService() {
    server_->drain(std::chrono::seconds(60));
    pool_.reset();
  }

  [[nodiscard]] http::HttpConnection connect() const {
    return http::HttpConnection::open({false, "127.0.0.1", server_->port()}, {}, {}).value();
  }
  [[nodiscard]] service::WorkerPool& pool() { return *pool_; }
  [[nodiscard]] http::HttpServer& server() { return *server_; }
  [[nodiscard]] const protocol::Ed25519SecretKey& issuer() const { return issuer_; }
  [[nodiscard]] std::string directory_path() const {
    return "/v1/directory/" + city.epoch().id.hex() + "/" + std::to_string(city.epoch().edition.value());
  }

  [[nodiscard]] std::string token(const std::string& account,
                                  protocol::TokenScope scope = {.evaluate = true}) {
    return "Bearer " + protocol::mint_token(issuer_,
                                            {.issuer = "messenger",
                                             .kid = "k1",
                                             .audience = "city",
                                             .account = account,
                                             .scope = scope,
                                             .issued_at = UnixTime(now.load())},
                                            random_)
                           .value();
  }

  [[nodiscard]] BlindedRequest request(std::uint32_t count) {
    std::vector<Identifier> identifiers;
    std::vector<ByteView> inputs;
    for (std::uint32_t i = 0; i < count; ++i) {
      identifiers.push_back(berlin(static_cast<int>(i)));
    }
    for (const Identifier& identifier : identifiers) {
      inputs.push_back(identifier.bytes());
    }
    const oprf::PublicKey& key = city.keys().public_key;
    oprf::BlindResult blinded = InMemoryOperator::suite().blind(inputs, random_, key);
    Bytes body = protocol::encode_request(key, city.epoch().id, count, blinded.elements);
    return {std::move(identifiers), std::move(blinded.batch), std::move(body)};
  }

  [[nodiscard]] std::vector<std::string> log() const {
    const std::scoped_lock lock(mutex_);
    return log_;
  }

  InMemoryOperator city;
  PublicFolder files;
  ScriptedLedger ledger;
  std::unique_ptr<service::ServedSets> served;
  std::atomic<std::uint64_t> now{kNow.value()};
  std::atomic<std::uint64_t> monotonic{1'000};  // seconds

 private:
  SystemRandom random_;
  protocol::Ed25519SecretKey issuer_ = protocol::Ed25519SecretKey::generate(random_);
  service::Replaceable<protocol::TokenVerifier> tokens_{
      protocol::TokenVerifier({{"messenger", "k1", issuer_.public_key()}}, "city")};
  std::optional<service::WorkerPool> pool_;
  std::optional<service::Application> application_;
  std::unique_ptr<http::HttpServer> server_;
  mutable std::mutex mutex_;
  std::vector<std::string> log_;
};

inline http::Answer evaluate(http::HttpConnection& client, const std::string& authorization, ByteView body) {
  return client.post("/v1/evaluate", "application/octet-stream", body, authorization).value();
}

/// The `type` of a problem without its common beginning; empty when the answer is no problem.
inline std::string problem_name(const http::Answer& answer) {
  constexpr std::string_view kMark = "\"type\":\"urn:blindbook:problem:";
  const std::string_view text = text_of(answer.body);
  const std::size_t start = text.find(kMark);
  if (answer.content_type != "application/problem+json" || start == std::string_view::npos) {
    return {};
  }
  const std::string_view rest = text.substr(start + kMark.size());
  return std::string(rest.substr(0, rest.find('"')));
}

}  // namespace blindbook::test_support
