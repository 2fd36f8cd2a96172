#include "blindbook/service/erasure.h"
#include "blindbook/service/label_store.h"

#include "tests/service/publish_fixture.h"

namespace blindbook::service {
namespace {

namespace fs = std::filesystem;

/// A folder that publishes labels resolved on use, and what a client opens of them.
struct LabelsFixture : PublishFixture {
  LabelsFixture() {
    options.labels.mode = protocol::LabelMode::kResolve;
    options.labels.label_template = "@{}:city.example";
  }
  protocol::AnnouncedEpoch epoch() { return folder.announcement().value()->announcement.epochs.at(0); }
  std::optional<std::string> label_of(const std::string& number) {
    const protocol::AnnouncedEpoch announced = epoch();
    const auto store =
        LabelStore::open(label_store_path(folder.labels_folder(), announced.id, announced.edition),
                         label_store_header_of(announced));
    if (!store) {
      FAIL(store.error().rule << ": " << store.error().message);
    }
    const auto keys = folder.load_epoch_keys(kPublishNow);
    REQUIRE(keys);
    const std::string identifier = "tel:" + number;
    const std::array<ByteView, 1> inputs{bytes_of(identifier)};
    std::array<oprf::PrfOutput, 1> outputs;
    folder.suite().evaluate_unblinded(keys->at(0).keys.secret, inputs, outputs);
    const directory::LabelSealer sealer(announced.suite(), announced.id, announced.label_bytes);
    Bytes sealed(directory::sealed_bytes(announced.label_bytes));
    (*store)->resolve(sealer.handle(outputs[0].expose()).value(), sealed);
    const auto label = sealer.open(outputs[0].expose(), sealed);
    return label ? std::optional(directory::LabelTemplate::parse(announced.label_template)->fill(*label))
                 : std::nullopt;
  }
  std::size_t stores_on_disk() {
    const fs::path path = folder.labels_folder() / epoch().id.hex();
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), fs::directory_iterator()));
  }
};

constexpr const char* kTwo = "+493023125001,@anna:city.example,yes\n+493023125002,@bert:city.example,yes\n";
constexpr const char* kOne = "+493023125001,@anna:city.example,yes\n+493023125002,@bert:city.example,no\n";

TEST_CASE("labels resolved on use stand in a store beside a directory without them") {
  LabelsFixture fixture;
  const PublishReport report = fixture.publish_rows(kTwo);
  const protocol::AnnouncedEpoch& epoch = report.announcement.epochs.at(0);
  CHECK(epoch.label_mode == protocol::LabelMode::kResolve);
  CHECK(epoch.label_bytes == 24);
  CHECK(epoch.label_template == "@{}:city.example");
  const Bytes file = *read_file(fixture.folder.directory_path(epoch.id, epoch.edition), 1'000'000);
  const auto header = directory::parse_header(file);
  REQUIRE(header);
  CHECK(header->label_bytes == 0);
  CHECK(header->label_template.empty());
  CHECK(header->entries == 2);
  CHECK(fixture.label_of("+493023125001") == "@anna:city.example");
  CHECK(fixture.label_of("+493023125002") == "@bert:city.example");
  CHECK(fixture.label_of("+493023125003") == std::nullopt);
}

TEST_CASE("who withdraws is gone from the store of labels at the next edition") {
  LabelsFixture fixture;
  static_cast<void>(fixture.publish_rows(kTwo));
  static_cast<void>(fixture.publish_rows(kOne));
  CHECK(fixture.epoch().edition == Edition(2));
  CHECK(fixture.label_of("+493023125001") == "@anna:city.example");
  CHECK(fixture.label_of("+493023125002") == std::nullopt);
  CHECK(fixture.stores_on_disk() == 1);
}

TEST_CASE("a label that changes is told anew and moves no row of the directory") {
  LabelsFixture fixture;
  static_cast<void>(fixture.publish_rows(kTwo));
  const PublishReport second =
      fixture.publish_rows("+493023125001,@anne:city.example,yes\n+493023125002,@bert:city.example,yes\n");
  CHECK(fixture.label_of("+493023125001") == "@anne:city.example");
  CHECK(second.announcement.epochs.at(0).entries == 2);
}

TEST_CASE("a store of labels that was lost is made again and its loss told") {
  LabelsFixture fixture;
  static_cast<void>(fixture.publish_rows(kTwo));
  fs::remove_all(fixture.folder.labels_folder());
  const PublishReport report = fixture.publish_rows(kTwo);
  REQUIRE(report.notices.size() == 1);
  CHECK(report.notices[0].find("the labels of edition 1") != std::string::npos);
  CHECK(report.evaluated == 2);
  CHECK(fixture.label_of("+493023125001") == "@anna:city.example");
}

TEST_CASE("labels of rows that stay are taken from the store before without an evaluation") {
  LabelsFixture fixture;
  static_cast<void>(fixture.publish_rows(kTwo));
  const PublishReport report =
      fixture.publish_rows(std::string(kTwo) + "+493023125003,@carla:city.example,yes\n");
  CHECK(report.evaluated == 1);
  CHECK(fixture.label_of("+493023125001") == "@anna:city.example");
  CHECK(fixture.label_of("+493023125002") == "@bert:city.example");
  CHECK(fixture.label_of("+493023125003") == "@carla:city.example");
  CHECK(fixture.publish_rows(kOne).evaluated == 0);
  CHECK(fixture.label_of("+493023125002") == std::nullopt);
  CHECK(fixture.label_of("+493023125003") == std::nullopt);
}

TEST_CASE("who is erased is gone from the store of labels at once and stays away") {
  LabelsFixture fixture;
  static_cast<void>(fixture.publish_rows(kTwo));
  const bool cached = GENERATE(true, false);
  if (!cached) {
    fs::remove_all(fixture.folder.cache_folder(fixture.epoch().id));
  }
  const auto receipt = erase_number(fixture.folder, Identifier::from_e164("+493023125002").value(),
                                    kPublishNow, fixture.random);
  REQUIRE(receipt);
  CHECK(receipt->was_published);
  CHECK(fixture.epoch().edition == Edition(2));
  CHECK(fixture.stores_on_disk() == 1);
  CHECK(fixture.label_of("+493023125001") == "@anna:city.example");
  CHECK(fixture.label_of("+493023125002") == std::nullopt);
  static_cast<void>(fixture.publish_rows(kTwo));
  CHECK(fixture.label_of("+493023125001") == "@anna:city.example");
  CHECK(fixture.label_of("+493023125002") == std::nullopt);
}

TEST_CASE("the labels of an epoch go with it") {
  LabelsFixture fixture;
  static_cast<void>(fixture.publish_rows(kTwo));
  const EpochId id = fixture.epoch().id;
  REQUIRE(fs::exists(fixture.folder.labels_folder() / id.hex()));
  REQUIRE(fixture.folder.destroy_epoch(id));
  CHECK_FALSE(fs::exists(fixture.folder.labels_folder() / id.hex()));
}

TEST_CASE("embedded labels and none leave no store") {
  LabelsFixture fixture;
  fixture.options.labels = {};
  fixture.options.labels.mode = GENERATE(protocol::LabelMode::kEmbedded, protocol::LabelMode::kNone);
  static_cast<void>(fixture.publish_rows(kTwo));
  CHECK_FALSE(fs::exists(fixture.folder.labels_folder()));
}

}  // namespace
}  // namespace blindbook::service
