#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "blindbook/base/identifier.h"
#include "blindbook/base/random.h"
#include "blindbook/protocol/client.h"
#include "blindbook/protocol/history.h"
#include "blindbook/protocol/run_plan.h"
#include "blindbook/service/client_memory.h"
#include "blindbook/service/http/client.h"

/// One run of the client over HTTP: carries the bytes that protocol/client.h asks for, keeps what must
/// survive, and counts what left the device.
namespace blindbook::service {

enum class DiscoveryStage { kEvaluating, kReadingDirectory };

struct DiscoverySettings {
  http::Endpoint service;
  http::TlsTrust trust;
  protocol::Ed25519PublicKey root;
  std::string token;
  bool scheduled = false;  ///< a timer started this run, not a person
  /// Called now and then with work done and in all (elements or bytes); may be empty.
  std::function<void(DiscoveryStage, std::uint64_t done, std::uint64_t total)> progress;
};

/// One request, as the service saw it.
struct DisclosedRequest {
  std::string method;
  std::string path;
  bool with_account = false;  ///< whether it carried the access token
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
};

/// One batch that was sent.
struct DisclosedBatch {
  std::uint32_t size = 0;
  bool resumed = false;   ///< an earlier run had sent the same bytes
  bool answered = false;  ///< and so charged, in this run or that
};

/// What left the device.
struct Disclosure {
  std::string issuer;
  std::string account;
  std::vector<DisclosedBatch> batches;    ///< in the order they were sent
  std::uint64_t evaluations_charged = 0;  ///< the sizes of those answered, added up
  std::uint64_t bytes_sent = 0;           ///< HTTP head and body before TLS
  std::uint64_t bytes_received = 0;
  std::vector<DisclosedRequest> requests;
};

struct DiscoveryOutcome {
  EpochId epoch;
  Edition edition;
  protocol::ChainLink chain = protocol::ChainLink::kFirst;
  protocol::Head head;
  std::size_t evaluated = 0;      ///< real numbers newly evaluated in this run
  std::size_t not_looked_up = 0;  ///< numbers of the book whose outputs are not held
  std::size_t unopened_labels = 0;
  std::vector<protocol::ContactMatch> matches;
  std::optional<std::uint32_t> allowance_left;
  Disclosure disclosed;
  std::vector<std::string> notices;  ///< one clause each, for a person
  /// Why the run is partial: the allowance ended half-way. Matches of what was evaluated are there all the
  /// same.
  std::optional<Error> stopped;
};

/// Discovers which of `book` subscribe. The address book must be complete before: nothing of it may depend on
/// what the service answers. Errors: everything of protocol/ and http/, and "service.*" (service_answer.h).
/// Whatever was charged and verified before an error is kept in `memory`.
[[nodiscard]] Result<DiscoveryOutcome> discover(const DiscoverySettings& settings,
                                                std::span<const Identifier> book, ClientMemory& memory,
                                                UnixTime now, RandomSource& random);

}  // namespace blindbook::service
