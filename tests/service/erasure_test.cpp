#include "blindbook/service/erasure.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "blindbook/directory/rows.h"
#include "blindbook/protocol/patching.h"
#include "blindbook/service/epoch_commands.h"
#include "blindbook/service/file_lock.h"

#include "tests/service/publish_fixture.h"

namespace blindbook::service {
namespace {

namespace fs = std::filesystem;
using protocol::AnnouncedEpoch;

constexpr const char* kRows =
    "+493023125001,@anna,yes\n+493023125002,@ben,yes\n+493023125003,@carl,yes\n+493023125004,@dora,yes\n";

struct Erasures : PublishFixture {
  Identifier number(const char* e164) const { return *Identifier::from_e164(e164); }

  ErasureReceipt erase(const char* e164) {
    Result<ErasureReceipt> receipt = erase_number(folder, number(e164), options.now, random);
    if (!receipt) {
      FAIL(receipt.error().rule << ": " << receipt.error().message);
    }
    return std::move(*receipt);
  }
  std::string_view refusal(const char* e164) {
    const auto refused = erase_number(folder, number(e164), options.now, random);
    REQUIRE_FALSE(refused);
    return refused.error().rule;
  }
  EpochId open_second_epoch() {
    const auto announced = announce_next_epoch(folder, options.now, false, random);
    REQUIRE(announced);
    return announced->announcement.epochs.back().id;
  }
  /// Every byte that is served, file by file.
  std::vector<Bytes> served() const {
    std::vector<Bytes> out;
    for (const auto& entry : fs::recursive_directory_iterator(folder.public_folder())) {
      if (entry.is_regular_file()) {
        out.push_back(*read_file(entry.path(), 10'000'000));
      }
    }
    return out;
  }
};

TEST_CASE_METHOD(Erasures, "an erased number is in no edition from then on, and the others stay") {
  const PublishReport before = publish_rows(kRows);
  const std::string how = GENERATE("cache", "key");
  if (how == "key") {
    fs::remove_all(folder.path() / "cache");
  }
  const ErasureReceipt receipt = erase("+493023125002");
  CHECK(receipt.was_published);
  REQUIRE(receipt.epochs.size() == 1);
  CHECK(receipt.epochs[0].was_published);
  CHECK(receipt.epochs[0].edition == Edition(2));
  CHECK(receipt.epochs[0].key_ends == before.announcement.epochs[0].not_after);
  CHECK(receipt.caches_until == UnixTime(kPublishNow.value() + 3600));
  REQUIRE(receipt.announced);
  const protocol::Announcement& announced = receipt.announced->announcement;
  CHECK(announced.seq == 2);
  CHECK(announced.valid_until == before.announcement.valid_until);
  CHECK(announced.next_publication == before.announcement.next_publication);
  CHECK(announced.epochs[0].entries == 3);
  CHECK_FALSE(find("+493023125002"));
  CHECK(find("+493023125001") == "@anna");
  CHECK(find("+493023125004") == "@dora");
  CHECK(editions_on_disk(announced.epochs[0].id) == 1);

  const PublishReport next = publish_rows(kRows);
  CHECK(next.erased == 1);
  CHECK(next.published == 3);
  CHECK(next.evaluated == (how == "key" ? 3 : 0));
  CHECK_FALSE(find("+493023125002"));
  CHECK(find("+493023125003") == "@carl");
}

TEST_CASE_METHOD(Erasures, "an edition after an erasure comes with patches that do not name who was erased") {
  static_cast<void>(publish_rows(kRows));
  const AnnouncedEpoch before =
      publish_rows(std::string(kRows) + "+493023125005,@emil,yes\n").announcement.epochs[0];
  const Bytes held = *read_file(folder.directory_path(before.id, before.edition), 100'000);
  const ErasureReceipt receipt = erase("+493023125005");
  const AnnouncedEpoch& after = receipt.announced->announcement.epochs[0];
  REQUIRE_FALSE(after.patches.empty());
  const protocol::AnnouncedPatch& last = after.patches.back();
  REQUIRE(last.from == before.edition);
  const Bytes patch = *read_file(folder.patch_path(after.id, last.from, after.edition), 100'000);
  const auto patched = protocol::apply_announced_patch(held, patch, last, after);
  REQUIRE(patched);
  CHECK(*patched == *read_file(folder.directory_path(after.id, after.edition), 100'000));
  // The row that joined in the edition before: its siv stood in that edition and stands in nothing now.
  const auto from = directory::decode_directory(held);
  const auto to = directory::decode_directory(*patched);
  for (const std::uint64_t tag : from->tags) {
    if (std::find(to->tags.begin(), to->tags.end(), tag) != to->tags.end()) {
      continue;
    }
    const auto rank =
        static_cast<std::size_t>(std::find(from->tags.begin(), from->tags.end(), tag) - from->tags.begin());
    const std::string siv(text_of(from->rows()[rank].sealed.first(8)));
    for (const Bytes& file : served()) {
      CHECK(std::string(text_of(file)).find(siv) == std::string::npos);
    }
  }
}

TEST_CASE_METHOD(Erasures,
                 "an erasure is for all epochs, also one that is not published yet, until each ends") {
  static_cast<void>(publish_rows(kRows));
  const EpochId second = open_second_epoch();
  const ErasureReceipt receipt = erase("+493023125002");
  REQUIRE(receipt.epochs.size() == 2);
  CHECK(receipt.epochs[0].was_published);
  CHECK(receipt.epochs[1].epoch == second);
  CHECK_FALSE(receipt.epochs[1].was_published);
  CHECK(receipt.epochs[1].edition == Edition(0));
  CHECK(receipt.epochs[0].number != receipt.epochs[1].number);

  CHECK(publish_rows(kRows).erased == 1);
  CHECK_FALSE(find("+493023125002", 0));
  CHECK_FALSE(find("+493023125002", 1));
  const ErasureReceipt both = erase("+493023125003");
  CHECK(both.epochs[0].was_published);
  CHECK(both.epochs[1].was_published);
  CHECK(both.epochs[1].edition == Edition(2));
  CHECK_FALSE(find("+493023125003", 1));

  options.now = UnixTime(kPublishNow.value() + 98 * kPublishDay);
  options.clock_confirmed = true;
  static_cast<void>(publish_rows(kRows));
  CHECK_FALSE(fs::exists(folder.erased_path(receipt.epochs[0].epoch)));
  CHECK(fs::exists(folder.erased_path(second)));
  const ErasureReceipt later = erase("+493023125002");
  CHECK(later.epochs[0].epoch == second);
  CHECK_FALSE(later.epochs[0].was_published);
}

TEST_CASE_METHOD(Erasures, "the epoch after an erasure publishes again what the list still says") {
  static_cast<void>(publish_rows(kRows));
  static_cast<void>(erase("+493023125002"));
  static_cast<void>(open_second_epoch());
  static_cast<void>(publish_rows(kRows));
  CHECK_FALSE(find("+493023125002", 0));
  CHECK(find("+493023125002", 1) == "@ben");
}

TEST_CASE_METHOD(Erasures,
                 "a number that is not published is kept out, and the receipt says that it was not there") {
  const PublishReport before = publish_rows(kRows);
  const ErasureReceipt receipt = erase("+493023125009");
  CHECK_FALSE(receipt.was_published);
  CHECK_FALSE(receipt.epochs[0].was_published);
  CHECK(receipt.epochs[0].edition == Edition(1));
  CHECK_FALSE(receipt.announced);
  CHECK((*folder.announcement())->head == before.head);
  CHECK(publish_rows(std::string(kRows) + "+493023125009,@ida,yes\n").erased == 1);
  CHECK_FALSE(find("+493023125009"));
}

TEST_CASE_METHOD(Erasures, "a number is erased before anything was published") {
  const ErasureReceipt receipt = erase("+493023125002");
  CHECK_FALSE(receipt.was_published);
  CHECK(receipt.epochs[0].edition == Edition(0));
  CHECK_FALSE(receipt.announced);
  CHECK(publish_rows(kRows).published == 3);
  CHECK_FALSE(find("+493023125002"));
}

TEST_CASE_METHOD(Erasures, "an erasure that is lifted is as if it had not been, once the list is published") {
  static_cast<void>(publish_rows(kRows));
  CHECK(lift_erasure(folder, number("+493023125002"), options.now) == 0U);
  static_cast<void>(erase("+493023125002"));
  static_cast<void>(erase("+493023125001"));
  CHECK(lift_erasure(folder, number("+493023125002"), options.now) == 1U);
  CHECK_FALSE(find("+493023125002"));
  CHECK(publish_rows(kRows).erased == 1);
  CHECK(find("+493023125002") == "@ben");
  CHECK_FALSE(find("+493023125001"));
}

TEST_CASE_METHOD(Erasures, "a number erased twice is erased once") {
  static_cast<void>(publish_rows(kRows));
  static_cast<void>(erase("+493023125002"));
  const ErasureReceipt again = erase("+493023125002");
  CHECK_FALSE(again.was_published);
  CHECK(again.epochs[0].edition == Edition(2));
  CHECK(lift_erasure(folder, number("+493023125002"), options.now) == 1U);
}

TEST_CASE_METHOD(Erasures, "without labels one of two equal rows leaves") {
  options.labels.mode = protocol::LabelMode::kNone;
  static_cast<void>(publish_rows(kRows));
  const bool with_cache = GENERATE(true, false);
  if (!with_cache) {
    fs::remove_all(folder.path() / "cache");
  }
  CHECK(erase("+493023125002").announced->announcement.epochs[0].entries == 3);
  CHECK_FALSE(find("+493023125002"));
  CHECK(find("+493023125001"));
}

TEST_CASE_METHOD(Erasures,
                 "an erasure that was cut off after the lists is finished by the next publication") {
  static_cast<void>(publish_rows(kRows));
  const EpochId id = (*folder.announcement())->announcement.epochs[0].id;
  const PublishIndex index = std::move(**folder.load_index(id));
  ErasedList list(id);
  list.add(index.identifier(bytes_of("tel:+493023125002")));
  REQUIRE(list.save(folder.erased_path(id), index));
  const PublishReport report = publish_rows(kRows);
  CHECK(report.erased == 1);
  CHECK(report.evaluated == 0);
  CHECK_FALSE(find("+493023125002"));
  CHECK(find("+493023125001") == "@anna");
}

TEST_CASE_METHOD(Erasures,
                 "an announcement that was logged and never public becomes public with the erasure") {
  static_cast<void>(publish_rows(kRows));
  const Bytes old = *read_file(folder.announcement_path(), 100'000);
  static_cast<void>(publish_rows("+493023125001,@anna,yes\n"));
  REQUIRE(write_file_atomically(folder.announcement_path(), old, FileAccess::kEveryone));
  const ErasureReceipt receipt = erase("+493023125002");
  CHECK_FALSE(receipt.was_published);
  REQUIRE(receipt.announced);
  CHECK(receipt.announced->announcement.seq == 3);
  CHECK_FALSE(find("+493023125002"));
}

TEST_CASE_METHOD(Erasures, "a directory that is gone leaves the rest of an erasure to the next publication") {
  static_cast<void>(publish_rows(kRows));
  const AnnouncedEpoch epoch = (*folder.announcement())->announcement.epochs[0];
  fs::remove(folder.directory_path(epoch.id, epoch.edition));
  CHECK(refusal("+493023125002") == "erase.directory");
  CHECK(publish_rows(kRows).erased == 1);
  CHECK_FALSE(find("+493023125002"));
}

TEST_CASE_METHOD(Erasures,
                 "no publication goes on without the list of erased numbers or the key that knows them") {
  static_cast<void>(publish_rows(kRows));
  const ErasureReceipt receipt = erase("+493023125002");
  const EpochId id = receipt.epochs[0].epoch;
  SECTION("the list is damaged") {
    std::ofstream(folder.erased_path(id), std::ios::app) << "x";
    CHECK(try_publish(kRows).error().rule == "erased.format");
    CHECK(refusal("+493023125003") == "erased.format");
  }
  SECTION("the index key is gone") {
    REQUIRE(folder.keys().destroy(id.hex() + "-index"));
    CHECK(try_publish(kRows).error().rule == "erased.key");
    CHECK(refusal("+493023125003") == "erased.mac");
  }
  CHECK_FALSE(find("+493023125002"));
}

TEST_CASE_METHOD(Erasures, "an epoch without an index key gets one from its first erasure") {
  static_cast<void>(publish_rows(kRows));
  const EpochId id = (*folder.announcement())->announcement.epochs[0].id;
  REQUIRE(folder.keys().destroy(id.hex() + "-index"));
  const PublishReport without = publish_rows(kRows);
  CHECK(without.evaluated == 4);
  CHECK(without.notices[0].find("the epoch has no index key") != std::string::npos);
  CHECK(erase("+493023125002").was_published);
  CHECK_FALSE(find("+493023125002"));
  CHECK(publish_rows(kRows).evaluated == 3);
  CHECK(publish_rows(kRows).evaluated == 0);
}

TEST_CASE_METHOD(Erasures, "nothing is erased while another publication runs or the clock is in doubt") {
  static_cast<void>(publish_rows(kRows));
  {
    const auto lock = FileLock::acquire(folder.publish_lock_path(), "test.locked", "held");
    REQUIRE(lock);
    CHECK(refusal("+493023125002") == "publish.locked");
    CHECK(lift_erasure(folder, number("+493023125002"), options.now).error().rule == "publish.locked");
  }
  options.now = UnixTime(kPublishNow.value() + 98 * kPublishDay);
  CHECK(refusal("+493023125002") == "publish.clock");
}

TEST_CASE_METHOD(Erasures, "nothing is erased where the only epoch ended before anything was published") {
  options.now = UnixTime(kPublishNow.value() + 98 * kPublishDay);
  CHECK(refusal("+493023125002") == "erase.epoch");
}

}  // namespace
}  // namespace blindbook::service
