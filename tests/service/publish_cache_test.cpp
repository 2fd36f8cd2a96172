#include "blindbook/service/publish_cache.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "blindbook/base/domains.h"
#include "blindbook/service/erased_list.h"

#include "tests/service/publish_fixture.h"

namespace blindbook::service {
namespace {

namespace fs = std::filesystem;

PublishIndex index_of(std::uint8_t byte) {
  Secret<32> key;
  std::fill(key.expose_mutable().begin(), key.expose_mutable().end(), byte);
  return PublishIndex(key);
}

struct CacheFixture {
  PublishCacheHeader header{.suite = SuiteId::kRistretto255Sha512,
                            .epoch = EpochId(std::array<std::uint8_t, 16>{1, 2, 3}),
                            .edition = Edition(7),
                            .root = Root(std::array<std::uint8_t, 32>{4}),
                            .rules = Digest(std::array<std::uint8_t, 32>{5}),
                            .label_bytes = 24,
                            .entries = 0};
  test_support::TemporaryFolder folder;
  test_support::DeterministicRandom random{17};
  PublishIndex index = index_of(9);
  fs::path path = folder / "7.bbc";

  PublishCacheEntry entry() {
    PublishCacheEntry out;
    random.fill(out.row.mutable_view());
    random.fill(out.number.mutable_view());
    out.tag = random.below(std::uint64_t{1} << 56);
    random.fill(out.siv);
    return out;
  }
  std::vector<PublishCacheEntry> entries(std::size_t count) {
    std::vector<PublishCacheEntry> out;
    for (std::size_t i = 0; i < count; ++i) {
      out.push_back(entry());
    }
    return out;
  }
  void write(std::vector<PublishCacheEntry> fresh) {
    REQUIRE(write_publish_cache(path, index, header, {.fresh = &fresh}));
    header.entries = fresh.size();
  }
  void replace(ByteView content) const {
    std::ofstream(path, std::ios::binary)
        .write(text_of(content).data(), static_cast<std::streamsize>(content.size()));
  }
  [[nodiscard]] std::string_view rule(const PublishIndex& key, const PublishCacheHeader& expected) const {
    const Result<PublishCache> opened = PublishCache::open(path, key, expected);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().fault == Fault::kBadInput);
    return opened.error().rule;
  }
};

bool is(const PublishCache& cache, const PublishCacheEntry& entry) {
  const auto place = cache.find(entry.row);
  return place && cache[*place].row == entry.row && cache[*place].number == entry.number &&
         cache.number_at(*place) == entry.number && cache[*place].tag == entry.tag &&
         cache[*place].siv == entry.siv;
}

TEST_CASE_METHOD(CacheFixture, "a publish cache finds every row that it was made of and no other") {
  const std::size_t count = GENERATE(0U, 1U, 7U, 8U, 3000U);
  const auto all = entries(count);
  write(all);
  const Result<PublishCache> cache = PublishCache::open(path, index, header);
  REQUIRE(cache);
  CHECK(cache->size() == count);
  CHECK(std::all_of(all.begin(), all.end(), [&](const auto& one) { return is(*cache, one); }));
  for (int i = 0; i < 1000; ++i) {
    CHECK_FALSE(cache->find(entry().row));
  }
}

TEST_CASE_METHOD(CacheFixture, "a cache of what was kept and what is new is that of all of it") {
  const auto old = entries(500);
  write(old);
  const Result<PublishCache> before = PublishCache::open(path, index, header);
  REQUIRE(before);
  std::vector<bool> kept(before->size());
  std::vector<PublishCacheEntry> all = entries(80);
  std::vector<PublishCacheEntry> fresh = all;
  for (std::uint32_t place = 0; place < before->size(); ++place) {
    kept[place] = random.below(3) != 0;
    if (kept[place]) {
      all.push_back((*before)[place]);
    }
  }
  const fs::path merged = folder / "merged.bbc";
  REQUIRE(write_publish_cache(merged, index, header, {.before = &*before, .kept = &kept, .fresh = &fresh}));
  write(all);
  CHECK(*read_file(merged, 1'000'000) == *read_file(path, 1'000'000));
}

TEST_CASE_METHOD(CacheFixture, "a cache without labels has no room for them") {
  header.label_bytes = 0;
  auto all = entries(5);
  for (auto& one : all) {
    one.siv = {};
  }
  write(all);
  CHECK(fs::file_size(path) == 105 + 5 * 39 + 32);
  const Result<PublishCache> cache = PublishCache::open(path, index, header);
  REQUIRE(cache);
  CHECK(std::all_of(all.begin(), all.end(), [&](const auto& one) { return is(*cache, one); }));
}

TEST_CASE_METHOD(CacheFixture, "a cache of another edition, directory, epoch, program or key is refused") {
  write(entries(10));
  PublishCacheHeader other = header;
  SECTION("edition") {
    other.edition = Edition(8);
    CHECK(rule(index, other) == "cache.other");
  }
  SECTION("directory") {
    other.root = Root();
    CHECK(rule(index, other) == "cache.other");
  }
  SECTION("epoch") {
    other.epoch = EpochId();
    CHECK(rule(index, other) == "cache.other");
  }
  SECTION("numbering plans or program") {
    other.rules = Digest();
    CHECK(rule(index, other) == "cache.other");
  }
  SECTION("entries") {
    other.entries = 11;
    CHECK(rule(index, other) == "cache.other");
  }
  SECTION("key") {
    CHECK(rule(index_of(8), header) == "cache.mac");
  }
}

TEST_CASE_METHOD(CacheFixture, "a cache with one byte changed, added or missing is refused") {
  write(entries(3));
  const Bytes whole = *read_file(path, 1'000'000);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    Bytes changed = whole;
    changed[at] ^= 1;
    replace(changed);
    REQUIRE_FALSE(PublishCache::open(path, index, header));
  }
  Bytes longer = whole;
  longer.push_back(0);
  replace(longer);
  CHECK(rule(index, header) == "cache.format");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    replace(ByteView(whole).first(size));
    REQUIRE(rule(index, header) == "cache.format");
  }
}

TEST_CASE_METHOD(
    CacheFixture,
    "a count of entries that the file has no room for is refused before anything is made for it") {
  ByteWriter out;
  out.raw(magic::kPublishCache).u8(1).u8(1).raw(Bytes(16 + 4 + 32 + 32)).u16(0);
  const std::uint64_t entries =
      GENERATE(1U, ~std::uint64_t{0}, std::uint64_t{1} << 31, ~std::uint64_t{0} / 39 + 1);
  out.u64(entries).raw(Bytes(32));
  const Result<PublishCacheHeader> parsed = parse_publish_cache_header(out.view());
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().rule == "cache.format");
}

TEST_CASE("the rules that a cache depends on are known and do not change while a program runs") {
  REQUIRE(cache_rules());
  CHECK(cache_rules() == cache_rules());
  CHECK(*cache_rules() != Digest());
}

TEST_CASE("an index tells rows apart by number, region and label, and keys apart") {
  const PublishIndex index = index_of(1);
  const RowHash row = index.row("030 23125 001", "DE", "anna");
  CHECK(index.row("030 23125 001", "DE", "anna") == row);
  CHECK(index.row("03023125001", "DE", "anna") != row);
  CHECK(index.row("030 23125 001", "AT", "anna") != row);
  CHECK(index.row("030 23125 001", "", "DEanna") != row);
  CHECK(index.row("030 23125 001", "DE", "ben") != row);
  CHECK(index_of(2).row("030 23125 001", "DE", "anna") != row);
  CHECK(index.identifier(bytes_of("tel:+493023125001")) != index.identifier(bytes_of("tel:+493023125002")));
  CHECK(index_of(2).identifier(bytes_of("tel:+493023125001")) !=
        index.identifier(bytes_of("tel:+493023125001")));
}

// --- the list of erased numbers ---

NumberHash hash_of(std::uint8_t byte) {
  return NumberHash(std::array<std::uint8_t, 16>{byte});
}

TEST_CASE_METHOD(CacheFixture, "a list of erased numbers is the same when it is read again") {
  ErasedList list(header.epoch);
  CHECK(list.add(hash_of(3)));
  CHECK(list.add(hash_of(1)));
  CHECK_FALSE(list.add(hash_of(3)));
  REQUIRE(list.save(path, index));
  const Bytes file = *read_file(path, 1'000);
  CHECK(count_of_erased_list(file) == 2U);
  CHECK(epoch_of_erased_list(file) == header.epoch);
  Result<ErasedList> again = ErasedList::load(path, header.epoch, index);
  REQUIRE(again);
  CHECK(again->contains(hash_of(1)));
  CHECK(again->contains(hash_of(3)));
  CHECK_FALSE(again->contains(hash_of(2)));
  CHECK(again->remove(hash_of(1)));
  CHECK_FALSE(again->remove(hash_of(1)));
  CHECK(again->remove(hash_of(3)));
  REQUIRE(again->save(path, index));
  CHECK_FALSE(fs::exists(path));
  CHECK(ErasedList::load(path, header.epoch, index)->size() == 0);
}

TEST_CASE_METHOD(CacheFixture,
                 "a list of erased numbers that was changed, cut or moved stops whoever needs it") {
  ErasedList list(header.epoch);
  list.add(hash_of(3));
  REQUIRE(list.save(path, index));
  const Bytes whole = *read_file(path, 1'000);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    Bytes changed = whole;
    changed[at] ^= 1;
    replace(changed);
    const auto refused = ErasedList::load(path, header.epoch, index);
    REQUIRE_FALSE(refused);
    REQUIRE((refused.error().rule == "erased.format" || refused.error().rule == "erased.mac"));
  }
  for (std::size_t size = 0; size < whole.size(); ++size) {
    replace(ByteView(whole).first(size));
    REQUIRE(ErasedList::load(path, header.epoch, index).error().rule == "erased.format");
  }
  replace(whole);
  CHECK(ErasedList::load(path, EpochId(), index).error().rule == "erased.mac");
  CHECK(ErasedList::load(path, header.epoch, index_of(8)).error().rule == "erased.mac");
}

}  // namespace
}  // namespace blindbook::service
