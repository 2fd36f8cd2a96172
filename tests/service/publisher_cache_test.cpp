// What a publication takes from the one before: as much as it can, and never anything that a publication without it would
// not have made.

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include <catch2/catch.hpp>

#include "blindbook/service/directory_build.h"
#include "blindbook/service/epoch_commands.h"
#include "blindbook/service/erasure.h"

#include "tests/service/publish_fixture.h"

namespace blindbook::service {
namespace {

namespace fs = std::filesystem;
using protocol::AnnouncedEpoch;

struct CachedPublications : PublishFixture {
  std::map<EpochId, std::set<Identifier>> erased;

  void open_second_epoch() { REQUIRE(announce_next_epoch(folder, options.now, false, random)); }

  /// The directory that a program without a memory makes of `rows`, and what it rejects.
  Bytes made_anew(const AnnouncedEpoch& epoch, const std::string& rows, Faults& faults) {
    std::string text = "number,label,discoverable\n" + rows;
    std::ofstream(parent / "anew.csv", std::ios::binary) << text;
    const auto source = open_subscriber_source({.source = (parent / "anew.csv").string()});
    const auto normaliser = contact::Normaliser::create(options.region);
    const auto template_ = directory::LabelTemplate::parse(epoch.label_template);
    REQUIRE((source && normaliser && template_));
    const std::vector<LabelSettings> labels{{.mode = epoch.label_mode,
                                             .label_bytes = epoch.label_bytes,
                                             .label_template = *template_,
                                             .is_fixed = true}};
    Result<SubscriberList> list =
        SubscriberList::read(**source, *normaliser, !options.region, labels, {}, *pool, {});
    REQUIRE(list);
    for (SubscriberList::Slice& slice : list->slices()) {
      for (SubscriberList::Row& row : slice.rows) {
        const auto number = Identifier::from_e164("+" + std::to_string(row.number));
        if (row.fate == SubscriberList::Fate::kPublished && erased[epoch.id].count(*number) != 0) {
          row.fate = SubscriberList::Fate::kNotDiscoverable;
        }
      }
    }
    faults.clear();
    for (const RejectedRow& row : list->rejected()) {
      faults.emplace_back(row.line, std::string(row.reason));
    }
    const auto keys = folder.load_epoch_keys(kPublishNow);
    const auto key =
        std::find_if(keys->begin(), keys->end(), [&](const auto& one) { return one.id == epoch.id; });
    DirectoryBuild build(*key, epoch.edition, epoch.label_mode, epoch.label_bytes, *template_,
                         list->published());
    for (const SubscriberList::Slice& slice : list->slices()) {
      REQUIRE(build.add(slice, *pool, {}));
    }
    return build.finish().value();
  }

  [[nodiscard]] Bytes directory_of(const AnnouncedEpoch& epoch) const {
    return *read_file(folder.directory_path(epoch.id, epoch.edition), 10'000'000);
  }

  /// Publishes `rows`, and compares every byte with what would be made without a memory.
  PublishReport publish_and_compare(const std::string& rows) {
    PublishReport report = publish_rows(rows);
    for (const AnnouncedEpoch& epoch : report.announcement.epochs) {
      Faults anew;
      REQUIRE(directory_of(epoch) == made_anew(epoch, rows, anew));
      REQUIRE(faults() == anew);
    }
    return report;
  }
};

std::string row(int number, const std::string& label, const char* discoverable = "yes") {
  return "+4930231250" + std::to_string(10 + number) + "," + label + "," + discoverable + "\n";
}

TEST_CASE_METHOD(CachedPublications, "a publication evaluates what is new and nothing else") {
  CHECK(publish_and_compare(row(1, "a") + row(2, "b") + row(3, "c")).evaluated == 3);
  CHECK(publish_and_compare(row(1, "a") + row(2, "b") + row(3, "c")).evaluated == 0);
  CHECK(publish_and_compare(row(1, "a") + row(3, "c")).evaluated == 0);
  CHECK(publish_and_compare(row(1, "a") + row(3, "c") + row(4, "d")).evaluated == 1);
  CHECK(publish_and_compare(row(1, "other") + row(3, "c") + row(4, "d")).evaluated == 1);
  CHECK(publish_and_compare("+49 30 23125011,other,yes\n" + row(3, "c") + row(4, "d")).evaluated == 1);
  CHECK(publish_and_compare(row(3, "c", "no") + row(4, "d")).evaluated == 0);
  CHECK(publish_and_compare(row(3, "c") + row(4, "d")).evaluated == 1);
  const PublishReport last = publish_and_compare(row(3, "c", "no") + row(4, "d", "no"));
  CHECK(last.announcement.epochs[0].entries == 0);
  CHECK(publish_and_compare(row(4, "d")).evaluated == 1);
  CHECK(last.notices.empty());
}

TEST_CASE_METHOD(CachedPublications, "without labels another label is nothing new") {
  options.labels.mode = protocol::LabelMode::kNone;
  CHECK(publish_and_compare(row(1, "a") + row(2, "b")).evaluated == 2);
  CHECK(publish_and_compare(row(1, "other") + row(2, "b")).evaluated == 0);
}

TEST_CASE_METHOD(CachedPublications, "a number that changes hands never shows the old label") {
  static_cast<void>(publish_and_compare(row(1, "@old") + row(2, "@b")));
  SECTION("the row is changed") {
    static_cast<void>(publish_and_compare(row(1, "@new") + row(2, "@b")));
    CHECK(find("+493023125011") == "@new");
  }
  SECTION("the row goes, and another comes") {
    static_cast<void>(publish_and_compare(row(2, "@b")));
    CHECK_FALSE(find("+493023125011"));
    static_cast<void>(publish_and_compare(row(1, "@new") + row(2, "@b")));
    CHECK(find("+493023125011") == "@new");
  }
  SECTION("the list has both rows for a while") {
    static_cast<void>(publish_and_compare(row(1, "@old") + row(1, "@new") + row(2, "@b")));
    CHECK(faults() == Faults{{2, "duplicate"}, {3, "duplicate"}});
    CHECK_FALSE(find("+493023125011"));
    static_cast<void>(publish_and_compare(row(1, "@new") + row(2, "@b")));
    CHECK(find("+493023125011") == "@new");
  }
  SECTION("the old owner was erased") {
    REQUIRE(erase_number(folder, *Identifier::from_e164("+493023125011"), kPublishNow, random));
    static_cast<void>(publish_rows(row(1, "@old") + row(2, "@b")));
    CHECK_FALSE(find("+493023125011"));
    REQUIRE(lift_erasure(folder, *Identifier::from_e164("+493023125011"), kPublishNow) == 1U);
    static_cast<void>(publish_and_compare(row(1, "@new") + row(2, "@b")));
    CHECK(find("+493023125011") == "@new");
  }
}

TEST_CASE_METHOD(CachedPublications,
                 "two rows with one number are both rejected when one comes from the cache") {
  static_cast<void>(publish_and_compare(row(1, "a") + row(2, "b") + row(3, "c")));
  SECTION("the very same row twice, thrice") {
    static_cast<void>(publish_and_compare(row(1, "a") + row(2, "b") + row(1, "a")));
    CHECK(faults() == Faults{{2, "duplicate"}, {4, "duplicate"}});
    static_cast<void>(publish_and_compare(row(3, "c") + row(3, "c") + row(3, "c") + row(2, "b")));
    CHECK(faults() == Faults{{2, "duplicate"}, {3, "duplicate"}, {4, "duplicate"}});
  }
  SECTION("another spelling behind it") {
    static_cast<void>(publish_and_compare(row(1, "a") + row(2, "b") + "+49 (30) 23125-011,a,yes\n"));
    CHECK(faults() == Faults{{2, "duplicate"}, {4, "duplicate"}});
  }
  SECTION("another label before it") {
    static_cast<void>(publish_and_compare(row(1, "x") + row(2, "b") + row(1, "a")));
    CHECK(faults() == Faults{{2, "duplicate"}, {4, "duplicate"}});
  }
  SECTION("one that is not discoverable") {
    static_cast<void>(publish_and_compare(row(1, "a") + row(2, "b") + row(1, "a", "no")));
    CHECK(faults() == Faults{{2, "duplicate"}, {4, "duplicate"}});
  }
  SECTION("one that is rejected for something else") {
    static_cast<void>(publish_and_compare(row(1, "a") + row(2, "b") + row(1, "a\x01")));
    CHECK(faults() == Faults{{2, "duplicate"}, {4, "label-syntax"}});
  }
  CHECK_FALSE(find("+493023125011"));
  CHECK(find("+493023125012") == "b");
  static_cast<void>(publish_and_compare(row(1, "a") + row(2, "b")));
  CHECK(find("+493023125011") == "a");
}

TEST_CASE_METHOD(CachedPublications, "a region that changes makes other numbers of the same row") {
  options.region = "DE";
  static_cast<void>(publish_and_compare("030 23125011,a,yes\n"));
  CHECK(find("+493023125011"));
  options.region = "AT";
  CHECK(publish_and_compare("030 23125011,a,yes\n").evaluated == 1);
  CHECK_FALSE(find("+493023125011"));
  options.region.reset();
  CHECK_FALSE(try_publish("030 23125011,a,yes\n"));
  CHECK(faults() == Faults{{2, "no-region"}});
}

TEST_CASE_METHOD(CachedPublications,
                 "whatever happens to the cache, the directory is the same and a notice says why") {
  const std::string rows = row(1, "a") + row(2, "b") + row(3, "c");
  const EpochId id = publish_rows(rows).announcement.epochs[0].id;
  const Bytes older = *read_file(folder.cache_path(id, Edition(1)), 100'000);
  static_cast<void>(publish_rows(rows));
  const fs::path path = folder.cache_path(id, Edition(2));
  const auto replace = [&](Bytes content) {
    REQUIRE(write_file_atomically(path, content, FileAccess::kOwnerOnly));
  };
  Bytes whole = *read_file(path, 100'000);
  std::string why;
  SECTION("it is gone") {
    fs::remove_all(folder.path() / "cache");
    why = "cannot open";
  }
  SECTION("it is damaged") {
    whole[whole.size() / 2] ^= 1;
    replace(whole);
    why = "was changed";
  }
  SECTION("it is cut") {
    whole.pop_back();
    replace(whole);
    why = "does not have the size";
  }
  SECTION("it is empty") {
    replace({});
    why = "is not a publish cache";
  }
  SECTION("it is older") {
    replace(older);
    why = "of another edition";
  }
  SECTION("it is another operator's") {
    const AnnouncedEpoch epoch = (*folder.announcement())->announcement.epochs[0];
    std::vector<PublishCacheEntry> entries(3);
    REQUIRE(write_publish_cache(path, PublishIndex(Secret<32>()), cache_header_of(epoch, *cache_rules()),
                                {.fresh = &entries}));
    why = "belongs to another key";
  }
  SECTION("it cannot be read") {
    fs::remove(path);
    fs::create_directory(path);
    why = "no regular file";
  }
  SECTION("its directory is damaged") {
    REQUIRE(
        write_file_atomically(folder.directory_path(id, Edition(2)), bytes_of("x"), FileAccess::kEveryone));
    why = "gone or damaged";
  }
  const PublishReport report = publish_and_compare(rows + row(4, "d"));
  CHECK(report.evaluated == 4);
  REQUIRE_FALSE(report.notices.empty());
  CHECK(report.notices[0].starts_with("every row is evaluated again: "));
  CHECK(report.notices[0].find(why) != std::string::npos);
  CHECK(publish_and_compare(rows + row(4, "d")).evaluated == 0);
}

TEST_CASE_METHOD(CachedPublications, "a cache that was written and never announced harms nobody") {
  const EpochId id = publish_rows(row(1, "a") + row(2, "b")).announcement.epochs[0].id;
  const fs::path copy = parent / "copy";
  fs::copy(folder.path(), copy, fs::copy_options::recursive);
  static_cast<void>(publish_rows(row(2, "b") + row(3, "c")));
  const Bytes cache = *read_file(folder.cache_path(id, Edition(2)), 100'000);
  const Bytes directory = *read_file(folder.directory_path(id, Edition(2)), 100'000);
  // As if the run had been killed in front of the log.
  fs::remove_all(folder.path());
  fs::rename(copy, folder.path());
  REQUIRE(write_file_atomically(folder.cache_path(id, Edition(2)), cache, FileAccess::kOwnerOnly));
  REQUIRE(write_file_atomically(folder.directory_path(id, Edition(2)), directory, FileAccess::kEveryone));
  const PublishReport report = publish_and_compare(row(1, "a") + row(2, "b") + row(4, "d"));
  CHECK(report.evaluated == 1);
  CHECK(report.notices.empty());
  CHECK(report.announcement.epochs[0].edition == Edition(2));
  CHECK(publish_and_compare(row(1, "a") + row(2, "b") + row(4, "d")).evaluated == 0);
}

TEST_CASE_METHOD(CachedPublications, "a cache that contradicts its directory is found out") {
  const AnnouncedEpoch epoch = publish_rows(row(1, "a") + row(2, "b")).announcement.epochs[0];
  const PublishIndex index = std::move(**folder.load_index(epoch.id));
  const auto before = PublishCache::open(folder.cache_path(epoch.id, epoch.edition), index,
                                         cache_header_of(epoch, *cache_rules()));
  REQUIRE(before);
  std::vector<PublishCacheEntry> entries{(*before)[0], (*before)[1]};
  entries[0].tag ^= 1;
  entries[1].tag ^= 1;
  REQUIRE(write_publish_cache(folder.cache_path(epoch.id, epoch.edition), index,
                              cache_header_of(epoch, *cache_rules()), {.fresh = &entries}));
  const Result<PublishReport> refused = try_publish(row(1, "a"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().rule == "publish.cache");
  fs::remove_all(folder.path() / "cache");
  static_cast<void>(publish_and_compare(row(1, "a")));
}

TEST_CASE_METHOD(CachedPublications, "a cache holds no number and no label, and goes with its epoch") {
  const AnnouncedEpoch epoch =
      publish_rows(row(1, "@anna:city.example") + row(2, "@ben:city.example")).announcement.epochs[0];
  const Bytes file = *read_file(folder.cache_path(epoch.id, epoch.edition), 100'000);
  const std::string text(text_of(file));
  for (const char* secret : {"23125011", "23125012", "anna", "city.example"}) {
    CHECK(text.find(secret) == std::string::npos);
  }
  CHECK(fs::status(folder.cache_path(epoch.id, epoch.edition)).permissions() ==
        (fs::perms::owner_read | fs::perms::owner_write));
  REQUIRE(folder.keys().contains(epoch.id.hex() + "-index"));
  REQUIRE(folder.destroy_epoch(epoch.id));
  CHECK_FALSE(fs::exists(folder.cache_folder(epoch.id)));
  CHECK_FALSE(folder.keys().contains(epoch.id.hex() + "-index"));
}

TEST_CASE_METHOD(CachedPublications,
                 "an epoch that begins evaluates all while the other evaluates what is new") {
  static_cast<void>(publish_and_compare(row(1, "a") + row(2, "b")));
  open_second_epoch();
  CHECK(publish_and_compare(row(1, "a") + row(2, "b") + row(3, "c")).evaluated == 1 + 3);
  CHECK(publish_and_compare(row(1, "a") + row(3, "c")).evaluated == 0);
}

/// A list that changes as lists do, and the text of it.
class ChangingList {
 public:
  explicit ChangingList(test_support::DeterministicRandom& random) : random_(random) {}

  void change() {
    for (std::uint64_t i = random_.below(40); i > 0; --i) {
      Person& person = people_[static_cast<int>(random_.below(150))];
      switch (random_.below(6)) {
        case 0:
          person.listed = !person.listed;
          break;
        case 1:
          person.label = "@p" + std::to_string(random_.below(1000));
          break;
        case 2:
          person.spelling = random_.below(4);
          break;
        case 3:
          person.discoverable = !person.discoverable;
          break;
        case 4:
          person.twice = random_.below(4) == 0;
          break;
        default:
          person = {.listed = true, .label = "@new" + std::to_string(random_.below(1000))};
      }
    }
  }
  [[nodiscard]] std::string text() const {
    std::string out = "+493023125999,@first,no\n";
    for (const auto& [number, person] : people_) {
      if (person.listed) {
        add(out, number, person, person.spelling);
        if (person.twice) {
          add(out, number, person, (person.spelling + random_.below(4)) % 4);
        }
      }
    }
    return out;
  }

 private:
  struct Person {
    bool listed = false;
    std::string label = "@someone";
    std::uint64_t spelling = 0;
    bool discoverable = true;
    bool twice = false;
  };
  static void add(std::string& out, int number, const Person& person, std::uint64_t spelling) {
    const std::string last = std::to_string(1000 + number).substr(1);
    const std::array<std::string, 4> spellings{"+493023125" + last, "+49 30 23125 " + last,
                                               "030 23125" + last, "(030) 23125-" + last};
    out += spellings.at(spelling) + "," + person.label + (person.discoverable ? ",yes\n" : ",no\n");
  }

  test_support::DeterministicRandom& random_;
  std::map<int, Person> people_;
};

TEST_CASE_METHOD(CachedPublications,
                 "random changes of a list give the same directories with a cache and without") {
  options.region = "DE";
  options.allow_shrink = true;
  options.labels.mode = GENERATE(protocol::LabelMode::kEmbedded, protocol::LabelMode::kNone);
  ChangingList list(random);
  std::uint64_t evaluated = 0;
  for (int round = 0; round < 20; ++round) {
    list.change();
    if (round == 8) {
      open_second_epoch();
    }
    if (round % 6 == 5) {
      options.region = options.region == "DE" ? "AT" : "DE";
    }
    if (round % 4 == 3) {
      const auto number =
          Identifier::from_e164("+493023125" + std::to_string(1000 + random.below(150)).substr(1));
      if (round == 15) {
        const Identifier lifted = *erased.begin()->second.begin();
        REQUIRE(lift_erasure(folder, lifted, kPublishNow));
        for (auto& [epoch, numbers] : erased) {
          numbers.erase(lifted);
        }
      } else {
        const auto receipt = erase_number(folder, *number, kPublishNow, random);
        REQUIRE(receipt);
        for (const ErasedFrom& from : receipt->epochs) {
          erased[from.epoch].insert(*number);
        }
      }
    }
    if (round == 13) {
      fs::remove_all(folder.path() / "cache");
    }
    evaluated += publish_and_compare(list.text()).evaluated;
  }
  CHECK(evaluated > 0);
}

}  // namespace
}  // namespace blindbook::service
