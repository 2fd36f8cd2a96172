#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "blindbook/protocol/announcement.h"
#include "blindbook/protocol/client.h"
#include "blindbook/service/bearer.h"
#include "blindbook/service/discovery.h"
#include "blindbook/service/discovery_channel.h"
#include "blindbook/service/partial_file.h"

namespace blindbook::service {

/// One run. Each member function is one step of docs/spec/protocol.md "A run of the client", in their order.
class DiscoveryRun {
 public:
  DiscoveryRun(const DiscoverySettings& settings, std::span<const Identifier> book, ClientMemory& memory,
               UnixTime now, RandomSource& random)
      : settings_(settings),
        book_(book),
        memory_(memory),
        now_(now),
        random_(random),
        channel_(settings, outcome_.disclosed, now) {}

  Result<DiscoveryOutcome> go();

 private:
  /// What a step says to the one after: go on, or begin again at the announcement because what it named has
  /// gone.
  enum class Step { kDone, kAnnounceAgain };

  Result<void> take_steps();
  Result<void> learn_account();
  Result<void> hear_announcement();
  Result<Step> evaluate();
  Result<Step> finish_pending(protocol::EpochMemory& remembered);
  Result<Step> evaluate_new();
  Result<Step> exchange(protocol::Blinded blinded, bool resumed);
  Result<Step> read_directory();
  Result<bool> read_held_directory(const std::filesystem::path& file);
  Result<Step> fetch_directory();
  Result<void> conclude(protocol::DirectoryReading reading);

  protocol::EpochMemory& remembered() { return memory_.state().remember(epoch_->id, epoch_->not_after); }
  [[nodiscard]] protocol::RunKind kind();
  Result<void> drop_pending(protocol::EpochMemory& from, const std::string& why);
  void tell_of_lost_request(const std::string& why);
  void go_on_without_copy(std::optional<PartialFile>& copy, const Error& error);
  void report(DiscoveryStage stage, std::uint64_t done, std::uint64_t total) const {
    if (settings_.progress) {
      settings_.progress(stage, done, total);
    }
  }

  const DiscoverySettings& settings_;
  std::span<const Identifier> book_;
  ClientMemory& memory_;
  UnixTime now_;
  RandomSource& random_;
  DiscoveryOutcome outcome_;
  DiscoveryChannel channel_;

  BearerClaims account_;
  protocol::Announcement announcement_;
  const protocol::AnnouncedEpoch* epoch_ = nullptr;      // into announcement_
  std::optional<protocol::Ready> ready_;                 // until every batch is answered
  std::optional<protocol::AwaitingDirectory> awaiting_;  // from then on
};

}  // namespace blindbook::service
