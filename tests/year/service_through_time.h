#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "blindbook/base/identifier.h"
#include "blindbook/service/application.h"
#include "blindbook/service/erasure.h"
#include "blindbook/service/http/endpoint.h"
#include "blindbook/service/http/server.h"
#include "blindbook/service/operator_folder.h"
#include "blindbook/service/publisher.h"

#include "tests/support/deterministic_random.h"
#include "tests/support/temporary_folder.h"
#include "tests/year/town.h"

namespace blindbook::year {

inline constexpr std::uint64_t kDay = 86'400;
inline constexpr UnixTime kBegin{1'800'000'000};

/// A whole operator whose clock a test turns: folder, publications, and the service on a port of loopback.
class ServiceThroughTime {
 public:
  explicit ServiceThroughTime(protocol::LabelMode labels);
  ServiceThroughTime(const ServiceThroughTime&) = delete;
  ServiceThroughTime& operator=(const ServiceThroughTime&) = delete;
  ~ServiceThroughTime();

  /// Turns the clock, which never goes back.
  void set_clock(UnixTime now);
  [[nodiscard]] UnixTime now() const noexcept { return UnixTime(now_.load()); }

  /// Publishes the list of `town` as of now(); what `publish` costs in CPU seconds, of all threads.
  double publish(const Town& town);
  /// Rows times epochs that the last publication evaluated.
  [[nodiscard]] std::uint64_t evaluated() const noexcept { return evaluated_; }
  /// Erases a subscriber's number at once.
  void erase(const Identifier& number);

  [[nodiscard]] const protocol::Announcement& announcement() const { return *announcement_; }
  [[nodiscard]] service::OperatorFolder& folder() noexcept { return *folder_; }
  [[nodiscard]] service::http::Endpoint endpoint() const;
  [[nodiscard]] std::string token(const std::string& account);
  [[nodiscard]] RandomSource& random() noexcept { return random_; }
  [[nodiscard]] service::WorkerPool& pool() noexcept { return *pool_; }
  /// Takes what was published since into the service, as the running one does by itself. Throws where it cannot.
  void refresh();

 private:
  void serve();

  test_support::TemporaryFolder place_;
  test_support::DeterministicRandom random_{17};
  const protocol::LabelMode labels_;
  std::atomic<std::uint64_t> now_{kBegin.value()};
  std::optional<service::OperatorFolder> folder_;
  std::optional<protocol::Ed25519SecretKey> token_key_;
  std::optional<protocol::Announcement> announcement_;
  std::uint64_t evaluated_ = 0;
  std::unique_ptr<service::SqliteLedger> ledger_;
  std::unique_ptr<service::ServedSets> served_;
  std::optional<service::Replaceable<protocol::TokenVerifier>> tokens_;
  std::optional<service::WorkerPool> pool_;
  std::optional<service::Application> application_;
  std::unique_ptr<service::http::HttpServer> server_;
};

}  // namespace blindbook::year
