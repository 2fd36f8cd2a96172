#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "blindbook/base/identifier.h"
#include "blindbook/base/random.h"
#include "blindbook/protocol/run.h"
#include "blindbook/service/client_memory.h"
#include "blindbook/service/disclosure.h"
#include "blindbook/service/http/client.h"

/// One run of the client over HTTP: carries the bytes that protocol/run.h asks for, keeps what must survive, and
/// counts what left the device.
namespace blindbook::service {

enum class DiscoveryStage { kEvaluating, kReadingDirectory };

struct DiscoverySettings {
  http::Endpoint service;
  /// Another service that shows announcements of the same operator: what both show must be one chain.
  std::optional<http::Endpoint> mirror = {};
  http::TlsTrust trust;  ///< of both
  protocol::Ed25519PublicKey root;
  std::string token;
  bool scheduled = false;  ///< a timer started this run, not a person
  /// Matches whose labels a person wants to know, where labels are resolved on use. The service learns which of its
  /// subscribers this account asks about, so nothing but a person's wish may put a number here.
  std::vector<Identifier> open_labels = {};
  /// Called now and then with work done and in all (elements or bytes); may be empty.
  std::function<void(DiscoveryStage, std::uint64_t done, std::uint64_t total)> progress;
  /// What the disclosure calls the time of a request; empty: `now` of the run.
  std::function<UnixTime()> clock;
  /// Called after each request with all that has left the device so far, and once more when the run ends,
  /// whether it found anything or failed: what left the device has left it. May be empty.
  std::function<void(const Disclosure&)> on_disclosure;
};

/// What came of DiscoverySettings::open_labels. The labels themselves stand in the matches.
struct LabelsOpened {
  std::size_t opened = 0;
  std::size_t without_label = 0;  ///< answered, and what was answered did not open
  std::size_t no_matches = 0;     ///< no matches of this run, so nothing was asked about them
  std::optional<Error>
      stopped;  ///< why the others were not asked about any more; the matches stand all the same
};

/// What the run came to, and what it told others.
struct DiscoveryOutcome : protocol::RunOutcome {
  LabelsOpened labels;
  Disclosure disclosed;
};

/// Discovers which of `book` subscribe. The address book must be complete before: nothing of it may depend on
/// what the service answers. Errors: everything of protocol/ and http/, "service.*" (service_answer.h), and Unavailable
/// "mirror.gap" when no log shows that service and mirror are of one chain; when they are not, "history.fork".
/// Whatever was charged and verified before an error is kept in `memory`.
[[nodiscard]] Result<DiscoveryOutcome> discover(const DiscoverySettings& settings,
                                                std::span<const Identifier> book, ClientMemory& memory,
                                                UnixTime now, RandomSource& random);

}  // namespace blindbook::service
