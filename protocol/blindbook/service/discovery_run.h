#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "blindbook/protocol/bearer.h"
#include "blindbook/protocol/run.h"
#include "blindbook/service/discovery.h"
#include "blindbook/service/discovery_channel.h"
#include "blindbook/service/partial_file.h"

namespace blindbook::service {

/// One run: the loop of protocol/run.h with a network and a disk.
class DiscoveryRun {
 public:
  DiscoveryRun(const DiscoverySettings& settings, std::span<const Identifier> book, ClientMemory& memory,
               UnixTime now, RandomSource& random)
      : settings_(settings),
        book_(book),
        memory_(memory),
        now_(now),
        random_(random),
        channel_(settings, disclosed_, now) {}

  Result<DiscoveryOutcome> go();

 private:
  Result<void> take_steps();
  Result<void> learn_account();
  Result<void> begin();
  Result<void> take_step();
  Result<void> hear_announcement();
  Result<void> compare_with_mirror(const Bytes& announcement);
  void keep_evidence(const std::optional<Bytes>& evidence, Error& error);
  Result<std::optional<Bytes>> missed_log(ByteView announcement);
  Result<void> evaluate();
  Result<void> read_directory();
  Result<bool> read_held_directory(const std::filesystem::path& file);
  Result<std::optional<Bytes>> patched_directory(const std::filesystem::path& file);
  Result<void> read_patched_directory(ByteView directory);
  Result<void> fetch_directory();
  std::optional<PartialFile> begin_copy();
  void append_to(std::optional<PartialFile>& copy, ByteView bytes);
  void keep(std::optional<PartialFile> copy, Edition edition);
  void go_on_without_copy(const Error& error);
  LabelsOpened open_labels(std::vector<protocol::ContactMatch>& matches);
  Result<void> open_label(protocol::ContactMatch& match, LabelsOpened& labels);

  Result<void> save_changes();
  protocol::EpochMemory& remembered();
  void report_evaluating() const;

  const DiscoverySettings& settings_;
  std::span<const Identifier> book_;
  ClientMemory& memory_;
  UnixTime now_;
  RandomSource& random_;
  Disclosure disclosed_;
  std::vector<std::string> notices_;  // of this side's disk
  DiscoveryChannel channel_;
  std::optional<protocol::Run> run_;  // from the moment the account is known
};

}  // namespace blindbook::service
