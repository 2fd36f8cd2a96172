#pragma once

#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "blindbook/directory/label_seal.h"
#include "blindbook/directory/page_index.h"
#include "blindbook/directory/tag.h"
#include "blindbook/service/atomic_file.h"
#include "blindbook/service/operator_folder.h"
#include "blindbook/service/publisher.h"
#include "blindbook/service/sources/open.h"

#include "tests/support/deterministic_random.h"
#include "tests/support/temporary_folder.h"

namespace blindbook::service {

inline constexpr UnixTime kPublishNow{1'800'000'000};
inline constexpr std::uint64_t kPublishDay = 86'400;

/// An operator's folder without a passphrase, whose subscriber list is the text of a test.
struct PublishFixture {
  test_support::TemporaryFolder parent;
  test_support::DeterministicRandom random{13};
  std::optional<WorkerPool> pool{std::in_place, 2U, 16U};
  OperatorFolder folder = create();
  std::vector<RejectedRow> rejected;
  PublishOptions options{.region = {},
                         .labels = {},
                         .now = kPublishNow,
                         .progress = {},
                         .on_rejected = [this](std::span<const RejectedRow> rows) {
                           rejected.assign(rows.begin(), rows.end());
                         }};

  OperatorFolder create() {
    const NewOperator operator_options{.name = "Stadt Musterhausen",
                                       .protection = protocol::KeyProtection::kNone,
                                       .passphrase = {},
                                       .root_key_out = {},
                                       .slot_folder = {},
                                       .public_url = {},
                                       .now = kPublishNow};
    Result<OperatorFolder> created = OperatorFolder::create(parent / "data", operator_options, random);
    REQUIRE(created);
    return std::move(*created);
  }

  Result<PublishReport> try_publish(const std::string& rows) {
    std::ofstream(parent / "list.csv", std::ios::binary) << "number,label,discoverable\n" << rows;
    rejected.clear();
    Result<std::unique_ptr<SubscriberSource>> source =
        open_subscriber_source({.source = (parent / "list.csv").string()});
    REQUIRE(source);
    return publish(folder, **source, options, *pool, random);
  }
  PublishReport publish_rows(const std::string& rows) {
    Result<PublishReport> report = try_publish(rows);
    if (!report) {
      FAIL(report.error().rule << ": " << report.error().message);
    }
    return std::move(*report);
  }

  /// Labels of `number` in the published directory of an epoch, as a client would open them; nothing when
  /// there is none.
  std::optional<std::string> find(const std::string& number, std::size_t epoch_index = 0) {
    const auto opened = folder.announcement();
    REQUIRE(opened);
    REQUIRE(opened->has_value());
    const protocol::AnnouncedEpoch& epoch = (*opened)->announcement.epochs.at(epoch_index);
    const Bytes file = *read_file(folder.directory_path(epoch.id, epoch.edition), 1'000'000);
    CHECK(file.size() == epoch.size);
    const Result<directory::PageIndex> index = directory::PageIndex::open(ByteView(file), epoch.root);
    REQUIRE(index);
    CHECK(index->header().entries == epoch.entries);

    const auto keys = folder.load_epoch_keys(kPublishNow);
    REQUIRE(keys);
    const std::string identifier = "tel:" + number;
    const std::array<ByteView, 1> inputs{bytes_of(identifier)};
    std::array<oprf::PrfOutput, 1> outputs;
    folder.suite().evaluate_unblinded(keys->at(epoch_index).keys.secret, inputs, outputs);
    const auto rows = index->find(directory::tag_of(outputs[0].expose()));
    if (rows.count == 0) {
      return std::nullopt;
    }
    if (epoch.label_mode == protocol::LabelMode::kNone) {
      return std::string();
    }
    const directory::LabelSealer sealer(epoch.suite(), epoch.id, epoch.label_bytes);
    const std::optional<std::string> label = sealer.open(outputs[0].expose(), index->sealed(rows.first_rank));
    REQUIRE(label);
    return directory::LabelTemplate::parse(epoch.label_template)->fill(*label);
  }

  [[nodiscard]] std::vector<std::pair<std::size_t, std::string>> faults() const {
    std::vector<std::pair<std::size_t, std::string>> out;
    for (const RejectedRow& row : rejected) {
      CHECK_FALSE(describe_rejected_row(row.reason).empty());
      out.emplace_back(row.line, std::string(row.reason));
    }
    return out;
  }
  [[nodiscard]] std::size_t editions_on_disk(const EpochId& epoch) const {
    const std::filesystem::path path = folder.directory_folder(epoch);
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(path), std::filesystem::directory_iterator()));
  }
};

/// Line and reason of each rejected row.
using Faults = std::vector<std::pair<std::size_t, std::string>>;

}  // namespace blindbook::service
