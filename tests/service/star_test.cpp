#include <fstream>
#include <map>

#include <catch2/catch.hpp>

#include "blindbook/directory/root.h"
#include "blindbook/protocol/patching.h"

#include "tests/service/publish_fixture.h"

using namespace blindbook;
using namespace blindbook::service;
using protocol::AnnouncedEpoch;

namespace {

/// "+493023125NNN,@pNNN,yes" for each number.
std::string rows_of(const std::vector<int>& numbers) {
  std::string out;
  for (const int number : numbers) {
    const std::string digits = std::to_string(1000 + number).substr(1);
    out.append("+493023125").append(digits).append(",@p").append(digits).append(",yes\n");
  }
  return out;
}

/// A publication, and every edition there was, as a client may have kept it.
struct Years : PublishFixture {
  AnnouncedEpoch publish_numbers(const std::vector<int>& numbers) {
    last = publish_rows(rows_of(numbers));
    const AnnouncedEpoch& epoch = last->announcement.epochs.at(0);
    kept[epoch.edition] = *read_file(folder.directory_path(epoch.id, epoch.edition), 1'000'000);
    return epoch;
  }
  [[nodiscard]] Bytes patch_file(const AnnouncedEpoch& epoch, Edition from) const {
    return *read_file(folder.patch_path(epoch.id, from, epoch.edition), 1'000'000);
  }
  [[nodiscard]] std::size_t patches_on_disk(const EpochId& epoch) const {
    std::error_code none;  // no folder, no patch
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder.patch_folder(epoch), none),
                      std::filesystem::directory_iterator()));
  }

  std::optional<PublishReport> last;
  std::map<Edition, Bytes> kept;
};

std::vector<Edition> froms(const AnnouncedEpoch& epoch) {
  std::vector<Edition> out;
  for (const protocol::AnnouncedPatch& patch : epoch.patches) {
    out.push_back(patch.from);
  }
  return out;
}

}  // namespace

TEST_CASE("an edition comes with a patch from each of the thirty before it") {
  Years years;
  std::vector<int> numbers(200);
  for (int i = 0; i < 200; ++i) {
    numbers[static_cast<std::size_t>(i)] = i;
  }
  for (std::uint32_t edition = 1; edition <= 33; ++edition) {
    numbers.erase(numbers.begin() + static_cast<std::ptrdiff_t>(years.random.below(numbers.size())));
    numbers.push_back(200 + static_cast<int>(edition));
    const AnnouncedEpoch epoch = years.publish_numbers(numbers);
    REQUIRE(epoch.edition == Edition(edition));
    REQUIRE(years.last->notices.empty());
    REQUIRE(epoch.patches.size() == std::min(edition - 1, 30U));
    REQUIRE(years.patches_on_disk(epoch.id) == epoch.patches.size());
    REQUIRE(years.editions_on_disk(epoch.id) == 1);
    for (const protocol::AnnouncedPatch& patch : epoch.patches) {
      REQUIRE(patch.size < epoch.size);
      const auto patched = protocol::apply_announced_patch(years.kept.at(patch.from),
                                                           years.patch_file(epoch, patch.from), patch, epoch);
      REQUIRE(patched);
      REQUIRE(*patched == years.kept.at(epoch.edition));
    }
  }
}

TEST_CASE("a patch that is not smaller than the directory is left out") {
  Years years;
  years.publish_numbers({1});
  const AnnouncedEpoch other = years.publish_numbers({2});
  CHECK(other.patches.empty());
  CHECK(years.patches_on_disk(other.id) == 0);
  CHECK(years.last->notices.empty());
}

TEST_CASE("a patch or directory that was damaged costs patches and not the publication") {
  Years years;
  std::vector<int> numbers{1, 2, 3, 4, 5, 6, 7, 8, 9};
  years.publish_numbers(numbers);
  numbers.push_back(10);
  years.publish_numbers(numbers);
  numbers.push_back(11);
  AnnouncedEpoch epoch = years.publish_numbers(numbers);
  REQUIRE(froms(epoch) == std::vector{Edition(1), Edition(2)});
  std::ofstream(years.folder.patch_path(epoch.id, Edition(1), Edition(3)), std::ios::binary | std::ios::app)
      << "x";
  numbers.push_back(12);
  epoch = years.publish_numbers(numbers);
  CHECK(froms(epoch) == std::vector{Edition(2), Edition(3)});
  REQUIRE(years.last->notices.size() == 1);
  CHECK(years.last->notices[0].starts_with("there is no patch from edition 1: "));

  std::filesystem::remove(years.folder.directory_path(epoch.id, epoch.edition));
  numbers.push_back(13);
  epoch = years.publish_numbers(numbers);
  CHECK(epoch.patches.empty());
  REQUIRE(years.last->notices.size() == 2);
  CHECK(
      years.last->notices[0].starts_with("every row is evaluated again: the directory of edition 4 is gone"));
  CHECK(years.last->notices[1].starts_with("there is no patch: the directory of edition 4 is gone"));
  CHECK(years.find("+493023125013") == "@p013");
}

TEST_CASE("patches go with their epoch") {
  Years years;
  years.publish_numbers({1, 2, 3, 4, 5});
  const AnnouncedEpoch epoch = years.publish_numbers({1, 2, 3, 4, 5, 6});
  REQUIRE(years.patches_on_disk(epoch.id) == 1);
  REQUIRE(years.folder.destroy_epoch(epoch.id));
  CHECK_FALSE(std::filesystem::exists(years.folder.patch_folder(epoch.id)));
  CHECK_FALSE(std::filesystem::exists(years.folder.directory_folder(epoch.id)));
}
