#include "blindbook/service/label_store.h"

#include <algorithm>
#include <filesystem>

#include <catch2/catch.hpp>

#include "blindbook/hash/sha2.h"
#include "blindbook/service/atomic_file.h"

#include "tests/protocol/in_memory_operator.h"
#include "tests/support/temporary_folder.h"

namespace blindbook::service {
namespace {

using namespace test_support;
namespace fs = std::filesystem;

directory::Handle handle_of(int number) {
  directory::Handle out{};
  // In no order, so that the store has to bring them into one.
  out[0] = static_cast<std::uint8_t>(number * 67);
  out[15] = static_cast<std::uint8_t>(number);
  return out;
}

Bytes sealed_of(int number) {
  return Bytes(directory::sealed_bytes(24), static_cast<std::uint8_t>(number));
}

/// The stores of one epoch.
struct Stores {
  TemporaryFolder folder;
  InMemoryOperator city;
  DeterministicRandom random{3};

  Stores() { city.publish_with({}, protocol::LabelMode::kResolve); }

  fs::path path() const { return label_store_path(folder.path(), city.epoch().id, city.epoch().edition); }
  Result<std::shared_ptr<const LabelStore>> open() const {
    return LabelStore::open(path(), label_store_header_of(city.epoch()));
  }
  std::shared_ptr<const LabelStore> write(int from, int to, const LabelStore* before = nullptr) {
    LabelStoreBuilder builder(24);
    for (int i = from; i < to; ++i) {
      builder.add(handle_of(i), sealed_of(i));
    }
    city.epoch_to_announce().entries = static_cast<std::uint64_t>(to - from);
    REQUIRE(builder.write(folder.path(), city.epoch(), before, random));
    return open().value();
  }
};

Bytes resolved(const LabelStore& store, int number) {
  Bytes out(directory::sealed_bytes(24));
  store.resolve(handle_of(number), out);
  return out;
}

TEST_CASE("a label store resolves every handle that it has") {
  Stores stores;
  const int count = GENERATE(1, 2, 3, 7, 64, 100);
  const auto store = stores.write(0, count);
  CHECK(store->header().entries == static_cast<std::uint64_t>(count));
  for (int i = 0; i < count; ++i) {
    CHECK(resolved(*store, i) == sealed_of(i));
  }
}

TEST_CASE("a handle that nobody has resolves to bytes of its own that stay") {
  Stores stores;
  const int count = GENERATE(0, 1, 5);
  const auto store = stores.write(0, count);
  const Bytes first = resolved(*store, 200);
  CHECK(first == resolved(*store, 200));
  CHECK(first != resolved(*store, 201));
  for (int i = 0; i < count; ++i) {
    CHECK(first != sealed_of(i));
  }
}

TEST_CASE("what nobody has resolves alike in every edition of an epoch") {
  Stores stores;
  const auto first = stores.write(0, 5);
  stores.city.epoch_to_announce().edition = Edition(2);
  const auto second = stores.write(1, 9, first.get());
  CHECK(resolved(*first, 200) == resolved(*second, 200));
  // Who left is answered as if nobody had ever had that handle.
  CHECK(resolved(*second, 0) != sealed_of(0));
  stores.city.epoch_to_announce().edition = Edition(3);
  CHECK(resolved(*stores.write(2, 9, second.get()), 0) == resolved(*second, 0));
}

TEST_CASE("the next store is that of the edition before without those who leave") {
  Stores stores;
  const auto first = stores.write(0, 6);
  std::vector<directory::Handle> leaving{handle_of(1), handle_of(4), handle_of(77)};
  std::sort(leaving.begin(), leaving.end());
  LabelStoreBuilder builder(24);
  builder.add_from(*first, leaving);
  builder.add(handle_of(9), sealed_of(9));
  stores.city.epoch_to_announce().edition = Edition(2);
  stores.city.epoch_to_announce().entries = 5;
  REQUIRE(builder.write(stores.folder.path(), stores.city.epoch(), first.get(), stores.random));
  const auto second = stores.open().value();
  for (const int stays : {0, 2, 3, 5, 9}) {
    CHECK(resolved(*second, stays) == sealed_of(stays));
  }
  for (const int left : {1, 4}) {
    CHECK(resolved(*second, left) != sealed_of(left));
  }
}

TEST_CASE("a label store is for its operator alone") {
  Stores stores;
  static_cast<void>(stores.write(0, 3));
  const fs::perms others = fs::perms::group_all | fs::perms::others_all;
  CHECK((fs::status(stores.path()).permissions() & others) == fs::perms::none);
  CHECK((fs::status(stores.path().parent_path()).permissions() & others) == fs::perms::none);
}

TEST_CASE("two entries of one handle make no label store") {
  Stores stores;
  LabelStoreBuilder builder(24);
  builder.add(handle_of(1), sealed_of(1));
  builder.add(handle_of(1), sealed_of(2));
  CHECK(builder.write(stores.folder.path(), stores.city.epoch(), nullptr, stores.random).error().rule ==
        "label-store.handle");
  CHECK_FALSE(fs::exists(stores.path()));
}

TEST_CASE("a label store of another edition is refused") {
  Stores stores;
  static_cast<void>(stores.write(0, 3));
  LabelStoreHeader other = label_store_header_of(stores.city.epoch());
  SECTION("by its number") {
    other.edition = Edition(9);
  }
  SECTION("by its directory") {
    other.root = Root();
  }
  SECTION("by its entries") {
    other.entries = 4;
  }
  CHECK(LabelStore::open(stores.path(), other).error().rule == "label-store.other");
}

TEST_CASE("a label store that was changed is refused at whichever byte") {
  Stores stores;
  static_cast<void>(stores.write(0, 3));
  const Bytes whole = *read_file(stores.path(), 1'000'000);
  REQUIRE(check_label_store(whole));
  for (std::size_t at = 0; at < whole.size(); ++at) {
    Bytes changed = whole;
    changed[at] ^= 0x40;
    CHECK(check_label_store(changed).error().rule == "label-store.format");
    CHECK(check_label_store(ByteView(whole).first(at)).error().rule == "label-store.format");
  }
}

TEST_CASE("a label store whose entries are out of order is refused though its hash is right") {
  Stores stores;
  static_cast<void>(stores.write(0, 3));
  Bytes file = *read_file(stores.path(), 1'000'000);
  const std::size_t each = 16 + directory::sealed_bytes(24);
  const auto first = file.end() - 32 - static_cast<std::ptrdiff_t>(3 * each);
  std::swap_ranges(first, first + static_cast<std::ptrdiff_t>(each),
                   first + static_cast<std::ptrdiff_t>(each));
  const auto hash = hash::sha256({ByteView(file).first(file.size() - 32)});
  std::copy(hash.begin(), hash.end(), file.end() - 32);
  const auto checked = check_label_store(file);
  REQUIRE_FALSE(checked);
  CHECK(checked.error().message.find("order") != std::string::npos);
}

}  // namespace
}  // namespace blindbook::service
