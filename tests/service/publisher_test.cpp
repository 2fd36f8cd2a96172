#include "blindbook/service/publisher.h"

#include <array>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "blindbook/directory/label_seal.h"
#include "blindbook/directory/page_index.h"
#include "blindbook/directory/tag.h"
#include "blindbook/service/atomic_file.h"
#include "blindbook/service/file_lock.h"

#include "tests/support/deterministic_random.h"
#include "tests/support/temporary_folder.h"

namespace blindbook::service {
namespace {

namespace fs = std::filesystem;
using protocol::AnnouncedEpoch;
using protocol::LabelMode;
using test_support::DeterministicRandom;
using test_support::TemporaryFolder;

constexpr UnixTime kNow{1'800'000'000};
constexpr std::uint64_t kDay = 86'400;

struct Fixture {
  TemporaryFolder parent;
  DeterministicRandom random{13};
  WorkerPool pool{2, 16};
  OperatorFolder folder = create();
  std::vector<RejectedRow> rejected;
  PublishOptions options{.region = {},
                         .labels = {},
                         .now = kNow,
                         .progress = {},
                         .on_rejected = [this](std::span<const RejectedRow> rows) {
                           rejected.assign(rows.begin(), rows.end());
                         }};

  OperatorFolder create() {
    const NewOperator operator_options{.name = "Stadt Musterhausen",
                                       .protection = KeyProtection::kNone,
                                       .passphrase = {},
                                       .root_key_out = {},
                                       .slot_folder = {},
                                       .public_url = {},
                                       .now = kNow};
    Result<OperatorFolder> created = OperatorFolder::create(parent / "data", operator_options, random);
    REQUIRE(created);
    return std::move(*created);
  }

  Result<PublishReport> try_publish(const std::string& rows) {
    std::ofstream(parent / "list.csv", std::ios::binary) << "number,label,discoverable\n" << rows;
    rejected.clear();
    Result<std::unique_ptr<SubscriberSource>> source = open_subscriber_source((parent / "list.csv").string());
    REQUIRE(source);
    return publish(folder, **source, options, pool);
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
    const AnnouncedEpoch& epoch = (*opened)->announcement.epochs.at(epoch_index);
    const Bytes file = *read_file(folder.directory_path(epoch.id, epoch.edition), 1'000'000);
    CHECK(file.size() == epoch.size);
    const Result<directory::PageIndex> index = directory::PageIndex::open(ByteView(file), epoch.root);
    REQUIRE(index);
    CHECK(index->header().entries == epoch.entries);

    const auto keys = folder.load_epoch_keys(kNow);
    REQUIRE(keys);
    const std::string identifier = "tel:" + number;
    const std::array<ByteView, 1> inputs{bytes_of(identifier)};
    std::array<oprf::PrfOutput, 1> outputs;
    folder.suite().evaluate_unblinded(keys->at(epoch_index).keys.secret, inputs, outputs);
    const auto rows = index->find(directory::tag_of(outputs[0].expose()));
    if (rows.count == 0) {
      return std::nullopt;
    }
    if (epoch.label_mode == LabelMode::kNone) {
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
    const fs::path path = folder.directory_folder(epoch);
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), fs::directory_iterator()));
  }
};

using Faults = std::vector<std::pair<std::size_t, std::string>>;

TEST_CASE("a published subscriber is found with the label") {
  Fixture fixture;
  const PublishReport report = fixture.publish_rows(
      "+493023125001,@anna:city.example,yes\n"
      "+49 (0)30 23125-002,@bert:city.example,true\n");
  CHECK(report.well_formed == 2);
  CHECK(report.published == 2);
  CHECK(report.rejected == 0);
  CHECK(fixture.find("+493023125001") == "@anna:city.example");
  CHECK(fixture.find("+493023125002") == "@bert:city.example");
  CHECK_FALSE(fixture.find("+493023125003"));
}

TEST_CASE("only rows that say so are published") {
  Fixture fixture;
  const PublishReport report = fixture.publish_rows(
      "+493023125001,a,yes\n"
      "+493023125002,b,no\n"
      "+493023125003,c,\n"
      "+493023125004,d,perhaps\n");
  CHECK(report.well_formed == 3);
  CHECK(report.published == 1);
  CHECK(fixture.faults() == Faults{{5, "discoverable-value"}});
  CHECK(fixture.find("+493023125001"));
  for (const char* number : {"+493023125002", "+493023125003", "+493023125004"}) {
    CHECK_FALSE(fixture.find(number));
  }
}

TEST_CASE("an edition counts publications and the chain links them") {
  Fixture fixture;
  const PublishReport first = fixture.publish_rows("+493023125001,a,yes\n");
  CHECK(first.announcement.seq == 1);
  CHECK(first.announcement.epochs.front().edition == Edition(1));
  CHECK(first.announcement.previous_head == protocol::Head());
  CHECK(first.announcement.valid_until == UnixTime(kNow.value() + 7 * kDay));
  CHECK(first.announcement.next_publication == UnixTime(kNow.value() + kDay));

  const PublishReport second = fixture.publish_rows("+493023125002,b,yes\n");
  CHECK(second.announcement.seq == 2);
  CHECK(second.announcement.epochs.front().edition == Edition(2));
  CHECK(second.announcement.previous_head == first.head);
  CHECK_FALSE(fixture.find("+493023125001"));
  CHECK(fixture.find("+493023125002"));
}

TEST_CASE("the announcement is logged and the old directory is gone") {
  Fixture fixture;
  const EpochId epoch = fixture.publish_rows("+493023125001,a,yes\n").announcement.epochs.front().id;
  static_cast<void>(fixture.publish_rows("+493023125001,a,yes\n"));
  CHECK(fixture.editions_on_disk(epoch) == 1);
  CHECK(fs::exists(fixture.folder.log_path(1)));
  CHECK(*read_file(fixture.folder.log_path(2), 100'000) ==
        *read_file(fixture.folder.announcement_path(), 100'000));
}

TEST_CASE("two rows with one number are both rejected") {
  Fixture fixture;
  const PublishReport report = fixture.publish_rows(
      "+493023125001,a,yes\n"
      "+493023125002,b,yes\n"
      "+49 30 23125001,c,yes\n"
      "+493023125003,d,no\n"
      "+493023125003,d,yes\n"
      "+493023125004,e,yes\n"
      "+493023125004,e,yes\n"
      "+493023125004,e,yes\n");
  CHECK(report.published == 1);
  CHECK(fixture.faults() == Faults{{2, "duplicate"},
                                   {4, "duplicate"},
                                   {5, "duplicate"},
                                   {6, "duplicate"},
                                   {7, "duplicate"},
                                   {8, "duplicate"},
                                   {9, "duplicate"}});
  CHECK_FALSE(fixture.find("+493023125001"));
  CHECK_FALSE(fixture.find("+493023125003"));
  CHECK(fixture.find("+493023125002") == "b");
}

TEST_CASE("a row whose label is refused still makes its number a duplicate") {
  Fixture fixture;
  const PublishReport report = fixture.publish_rows(
      "+493023125001,a,yes\n"
      "+493023125001,\"a\x01\",yes\n"
      "+493023125002,b,yes\n");
  CHECK(report.published == 1);
  CHECK(fixture.faults() == Faults{{2, "duplicate"}, {3, "label-syntax"}});
}

TEST_CASE("without a region only numbers with a plus are published") {
  Fixture fixture;
  const PublishReport report = fixture.publish_rows(
      "030 23125001,a,yes\n"
      "00493023125002,b,yes\n"
      "493023125003,c,yes\n"
      "+493023125004,d,yes\n");
  CHECK(report.published == 1);
  CHECK(fixture.faults() == Faults{{2, "no-region"}, {3, "no-region"}, {4, "no-region"}});
}

TEST_CASE("with a region national numbers are published") {
  Fixture fixture;
  fixture.options.region = std::string("DE");
  const PublishReport report = fixture.publish_rows("030 23125001,a,yes\n00493023125002,b,yes\n");
  CHECK(report.published == 2);
  CHECK(fixture.find("+493023125001") == "a");
}

TEST_CASE("a number that is only probably right is not published") {
  Fixture fixture;
  fixture.options.region = std::string("DE");
  const PublishReport report = fixture.publish_rows(
      "49 171 3920099,a,yes\n"
      "0171 3920011 / 0171 3920012,b,yes\n"
      "030 23125001,c,yes\n");
  CHECK(report.published == 1);
  CHECK(fixture.faults() == Faults{{2, "country-code-without-plus"}, {3, "second-number"}});
}

TEST_CASE("numbers that cannot be are rejected by their reason") {
  Fixture fixture;
  const PublishReport report = fixture.publish_rows(
      "+49,a,yes\n"
      "alice,b,yes\n"
      ",c,yes\n"
      "+493023125001,d,yes\n");
  CHECK(report.published == 1);
  CHECK(fixture.rejected.size() == 3);
}

TEST_CASE("labels are stripped of the template and given back whole") {
  Fixture fixture;
  fixture.options.labels.label_template = std::string("@{}:city.example");
  const PublishReport report = fixture.publish_rows(
      "+493023125001,@anna:city.example,yes\n"
      "+493023125002,@bert:town.example,yes\n"
      "+493023125003,,yes\n");
  CHECK(report.announcement.epochs.front().label_bytes == 24);
  CHECK(report.announcement.epochs.front().label_template == "@{}:city.example");
  CHECK(fixture.faults() == Faults{{3, "label-template"}, {4, "label-template"}});
  CHECK(fixture.find("+493023125001") == "@anna:city.example");
}

TEST_CASE("the label field fits the longest published label") {
  Fixture fixture;
  const PublishReport report = fixture.publish_rows("+493023125001," + std::string(31, 'x') +
                                                    ",yes\n"
                                                    "+493023125002," +
                                                    std::string(300, 'y') + ",no\n");
  CHECK(report.announcement.epochs.front().label_bytes == 40);
}

TEST_CASE("labels beyond the field or of other characters are rejected") {
  Fixture fixture;
  fixture.options.labels.label_bytes = 10;
  const PublishReport report = fixture.publish_rows(
      "+493023125001,12345678,yes\n"
      "+493023125002,123456789,yes\n"
      "+493023125003,\"a\nb\",yes\n"
      "+493023125004,a\xFF,yes\n"
      "+493023125005,a\xE2\x80\xAE"
      "b,yes\n");
  CHECK(report.published == 1);
  CHECK(fixture.faults() ==
        Faults{{3, "label-length"}, {4, "label-syntax"}, {6, "label-syntax"}, {7, "label-syntax"}});
}

TEST_CASE("without labels none is looked at") {
  Fixture fixture;
  fixture.options.labels.mode = LabelMode::kNone;
  const PublishReport report = fixture.publish_rows("+493023125001,a\xFF,yes\n");
  CHECK(report.published == 1);
  CHECK(report.announcement.epochs.front().label_mode == LabelMode::kNone);
  CHECK(report.announcement.epochs.front().label_bytes == 0);
  CHECK(fixture.find("+493023125001") == "");
}

TEST_CASE("how labels are published stays as the first publication fixed it") {
  Fixture fixture;
  fixture.options.labels.label_bytes = 32;
  static_cast<void>(fixture.publish_rows("+493023125001,a,yes\n"));
  fixture.options.labels = {};
  CHECK(fixture.publish_rows("+493023125001,a,yes\n").announcement.epochs.front().label_bytes == 32);
  fixture.options.labels.label_bytes = 40;
  const Result<PublishReport> refused = fixture.try_publish("+493023125001,a,yes\n");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().rule == "publish.labels");
}

TEST_CASE("a list with no well-formed row leaves the old edition") {
  Fixture fixture;
  static_cast<void>(fixture.publish_rows("+493023125001,a,yes\n"));
  const Bytes before = *read_file(fixture.folder.announcement_path(), 100'000);
  for (const char* rows : {"", "nonsense,a,yes\n", "+493023125002,a,yes\n+493023125002,a,yes\n"}) {
    const Result<PublishReport> refused = fixture.try_publish(rows);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == Fault::kBadInput);
    CHECK(refused.error().rule == "publish.rows");
  }
  CHECK(*read_file(fixture.folder.announcement_path(), 100'000) == before);
  CHECK(fixture.find("+493023125001"));
}

TEST_CASE("well-formed rows of which none is discoverable make an empty edition") {
  Fixture fixture;
  static_cast<void>(fixture.publish_rows("+493023125001,a,yes\n"));
  const PublishReport report = fixture.publish_rows("+493023125001,a,no\n");
  CHECK(report.announcement.epochs.front().edition == Edition(2));
  CHECK(report.announcement.epochs.front().entries == 0);
  CHECK_FALSE(fixture.find("+493023125001"));
}

TEST_CASE("strictly one bad row leaves the old edition") {
  Fixture fixture;
  static_cast<void>(fixture.publish_rows("+493023125001,a,yes\n"));
  fixture.options.strict = true;
  const Result<PublishReport> refused = fixture.try_publish("+493023125002,a,yes\nnonsense,b,yes\n");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().fault == Fault::kBadInput);
  CHECK(refused.error().rule == "publish.strict");
  CHECK(fixture.faults().front().first == 3);
  CHECK(fixture.find("+493023125001"));
  CHECK(fixture.publish_rows("+493023125002,a,yes\n").published == 1);
}

TEST_CASE("the second of two publications at once is refused") {
  Fixture fixture;
  const Result<FileLock> lock = FileLock::acquire(fixture.folder.publish_lock_path(), "test.locked", "held");
  REQUIRE(lock);
  const Result<PublishReport> refused = fixture.try_publish("+493023125001,a,yes\n");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().fault == Fault::kBadInput);
  CHECK(refused.error().rule == "publish.locked");
}

TEST_CASE("every epoch that has not ended gets its own directory") {
  Fixture fixture;
  static_cast<void>(fixture.publish_rows("+493023125001,a,yes\n"));
  REQUIRE(fixture.folder.create_epoch(UnixTime(kNow.value() + 90 * kDay), UnixTime(kNow.value() + 187 * kDay),
                                      fixture.random));
  const PublishReport both = fixture.publish_rows("+493023125002,b,yes\n");
  REQUIRE(both.announcement.epochs.size() == 2);
  CHECK(both.announcement.epochs[0].edition == Edition(2));
  CHECK(both.announcement.epochs[1].edition == Edition(1));
  CHECK(both.announcement.epochs[0].root != both.announcement.epochs[1].root);
  CHECK(fixture.find("+493023125002", 0) == "b");
  CHECK(fixture.find("+493023125002", 1) == "b");

  fixture.options.now = UnixTime(kNow.value() + 98 * kDay);
  const PublishReport later = fixture.publish_rows("+493023125002,b,yes\n");
  REQUIRE(later.announcement.epochs.size() == 1);
  CHECK(later.announcement.epochs[0].id == both.announcement.epochs[1].id);
}

TEST_CASE("without a living epoch nothing is published") {
  Fixture fixture;
  fixture.options.now = UnixTime(kNow.value() + 98 * kDay);
  const Result<PublishReport> refused = fixture.try_publish("+493023125001,a,yes\n");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().rule == "publish.epoch");
}

TEST_CASE("an expired certificate stops the publication") {
  Fixture fixture;
  fixture.options.now = UnixTime(kNow.value() + 401 * kDay);
  const Result<PublishReport> refused = fixture.try_publish("+493023125001,a,yes\n");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().rule == "publish.certificate");
}

TEST_CASE("the same list gives the same rows in another order of lines") {
  Fixture fixture;
  const auto entry = [&](const std::string& rows) {
    const AnnouncedEpoch epoch = fixture.publish_rows(rows).announcement.epochs.front();
    Bytes file = *read_file(fixture.folder.directory_path(epoch.id, epoch.edition), 100'000);
    // Nothing but the edition in the header may differ.
    std::fill(file.begin() + 26, file.begin() + 30, std::uint8_t{0});
    return file;
  };
  CHECK(entry("+493023125001,a,yes\n+493023125002,b,yes\n") ==
        entry("+493023125002,b,yes\n+493023125001,a,yes\n"));
}

TEST_CASE("a list longer than a slice is published whole and its progress told") {
  Fixture fixture;
  fixture.options.labels.mode = LabelMode::kNone;
  std::string rows;
  const std::size_t count = SubscriberList::kSliceRows + 100;
  for (std::size_t i = 0; i < count; ++i) {
    // One row in a hundred is published, so that the test costs little.
    rows += "+49176040" + std::to_string(100'000 + i) + ",x," + (i % 100 == 0 ? "yes" : "no") + "\n";
  }
  std::uint64_t read = 0;
  std::uint64_t evaluated = 0;
  fixture.options.progress = [&](PublishPhase phase, std::uint64_t done, std::uint64_t total) {
    std::uint64_t& last = phase == PublishPhase::kReading ? read : evaluated;
    CHECK(done >= last);
    CHECK(done <= total);
    last = done;
  };
  const PublishReport report = fixture.publish_rows(rows);
  CHECK(report.well_formed == count);
  CHECK(report.published == (count + 99) / 100);
  CHECK(report.announcement.epochs.front().entries == report.published);
  CHECK(read == fs::file_size(fixture.parent / "list.csv"));
  CHECK(evaluated == count);
}

}  // namespace
}  // namespace blindbook::service
