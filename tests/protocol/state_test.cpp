#include "blindbook/protocol/state.h"

#include <algorithm>

#include <catch2/catch.hpp>

#include "blindbook/base/domains.h"
#include "blindbook/protocol/aead.h"
#include "blindbook/protocol/epoch_choice.h"

#include "tests/protocol/in_memory_operator.h"

namespace blindbook::protocol {
namespace {

using namespace test_support;

EpochId epoch_named(std::uint8_t first) {
  EpochId id;
  id.mutable_view()[0] = first;
  return id;
}

ClientState full_state() {
  ClientState state;
  state.history = {.seq = 7,
                   .head = Head(),
                   .highest_serial = 3,
                   .object = {1, 2, 3},
                   .editions = {{epoch_named(1), Edition(4), Root(), kNow}}};
  state.root.mutable_view()[0] = 7;
  EpochMemory& epoch = state.remember(epoch_named(1), kNow);
  epoch.begun = true;
  epoch.leave_at = UnixTime(99);
  epoch.edition = Edition(4);
  epoch.pending = {9, 9, 9};
  epoch.outputs.put(berlin(1), oprf::PrfOutput(Bytes(64, 0x11)));
  epoch.outputs.put(berlin(2), oprf::PrfOutput(Bytes(64, 0x22)));
  state.remember(epoch_named(2), UnixTime(kNow.value() + 10));
  return state;
}

}  // namespace

TEST_CASE("a sealed state opens to the same state") {
  DeterministicRandom random(1);
  const Secret<32> key;
  auto state = open_state(seal_state(full_state(), key, random), key).value();
  REQUIRE(state.history == full_state().history);
  REQUIRE(state.epochs.size() == 2);
  const EpochMemory* epoch = state.find(epoch_named(1));
  REQUIRE(state.root == full_state().root);
  REQUIRE(epoch->begun);
  REQUIRE_FALSE(state.find(epoch_named(2))->begun);
  REQUIRE(epoch->not_after == kNow);
  REQUIRE(epoch->leave_at == UnixTime(99));
  REQUIRE(epoch->edition == Edition(4));
  REQUIRE(epoch->pending == Bytes{9, 9, 9});
  REQUIRE(epoch->outputs.size() == 2);
  REQUIRE(*epoch->outputs.find(berlin(2)) == oprf::PrfOutput(Bytes(64, 0x22)));
  REQUIRE_FALSE(state.find(epoch_named(2))->leave_at.has_value());
}

TEST_CASE("a state with an output that no suite has is refused") {
  DeterministicRandom random(1);
  const Secret<32> key;
  for (const std::size_t size : {0U, 6U, 31U, 33U, 63U, 65U}) {
    ClientState state;
    state.remember(epoch_named(1), kNow).outputs.put(berlin(1), oprf::PrfOutput(size));
    REQUIRE(open_state(seal_state(state, key, random), key).error().rule == "state.content");
  }
}

TEST_CASE("a state file does not show a number") {
  DeterministicRandom random(1);
  const Bytes file = seal_state(full_state(), Secret<32>(), random);
  REQUIRE(text_of(file).find("tel:") == std::string_view::npos);
  REQUIRE(text_of(file).find("23125") == std::string_view::npos);
}

TEST_CASE("a state that was altered or cut does not open") {
  DeterministicRandom random(1);
  const Secret<32> key;
  const Bytes file = seal_state(full_state(), key, random);
  for (std::size_t at = 0; at < file.size(); at += 7) {
    Bytes bad = file;
    bad[at] ^= 1;
    REQUIRE(open_state(bad, key).error().fault == Fault::kBadInput);
    REQUIRE_FALSE(open_state(ByteView(file).first(at), key).has_value());
  }
  Secret<32> other;
  other.expose_mutable()[31] = 1;
  REQUIRE(open_state(file, other).error().rule == "state.key");
  REQUIRE(open_state({}, key).error().rule == "state.format");
}

TEST_CASE("a state that opens and is not understood is refused") {
  DeterministicRandom random(1);
  const Secret<32> key;
  ByteWriter header;
  header.raw(magic::kState).u8(1);
  const auto rule = [&](ByteView content) -> std::string_view {
    ByteWriter context;
    context.raw(domain::kState).raw(header.view());
    ByteWriter file;
    file.raw(header.view()).raw(aead_seal(key, context.view(), content, random));
    const auto opened = open_state(file.view(), key);
    return opened ? "" : opened.error().rule;
  };
  const auto plain = [&] {
    const Bytes file = seal_state(full_state(), key, random);
    ByteWriter context;
    context.raw(domain::kState).raw(header.view());
    const auto opened = aead_open(key, context.view(), ByteView(file).subspan(header.view().size())).value();
    return Bytes(opened.expose().begin(), opened.expose().end());
  }();
  REQUIRE(rule(plain).empty());
  for (std::size_t size = 0; size < plain.size(); ++size) {
    REQUIRE(rule(ByteView(plain).first(size)) == "state.content");
  }
  Bytes longer = plain;
  longer.push_back(0);
  REQUIRE(rule(longer) == "state.content");
  const auto damage = [](Bytes& bytes, std::string_view at) {
    const ByteView text = bytes_of(at);
    *std::search(bytes.begin(), bytes.end(), text.begin(), text.end()) = 'x';
  };
  Bytes other_profile = plain;
  damage(other_profile, "e164/1");
  REQUIRE(rule(other_profile) == "state.content");
  Bytes no_identifier = plain;
  damage(no_identifier, "tel:+");
  REQUIRE(rule(no_identifier) == "state.content");
}

TEST_CASE("what belongs to an ended epoch is forgotten and the history is not") {
  ClientState state = full_state();
  REQUIRE(state.forget_ended(kNow).empty());
  REQUIRE(state.forget_ended(UnixTime(kNow.value() + 1)) == std::vector<EpochId>{epoch_named(1)});
  REQUIRE(state.find(epoch_named(1)) == nullptr);
  REQUIRE(state.find(epoch_named(2)) != nullptr);
  REQUIRE(state.history.seq == 7);
}

TEST_CASE("a new client uses the newest epoch that lives and has a directory") {
  InMemoryOperator city;
  city.publish({});
  DeterministicRandom random(1);
  Announcement announcement;
  AnnouncedEpoch old = city.epoch();
  AnnouncedEpoch next = city.epoch();
  next.id = epoch_named(9);
  next.not_before = kNow;
  next.not_after = UnixTime(old.not_after.value() + kEpochLength);
  announcement.epochs = {old, next};
  ClientState state;
  REQUIRE(choose_epoch(announcement, state, kNow, random)->id == next.id);
  announcement.epochs[1].edition = Edition(0);
  REQUIRE(choose_epoch(announcement, state, kNow, random)->id == old.id);
  announcement.epochs[1] = next;
  REQUIRE(choose_epoch(announcement, state, UnixTime(kNow.value() - 1), random)->id == old.id);
  REQUIRE(choose_epoch(announcement, state, UnixTime(next.not_after.value() + kClockTolerance), random)->id ==
          next.id);
  REQUIRE(choose_epoch(announcement, state, UnixTime(next.not_after.value() + kClockTolerance + 1), random) ==
          nullptr);
}

TEST_CASE("a clock that is a little slow does not hide the only epoch") {
  InMemoryOperator city;
  city.publish({});
  DeterministicRandom random(1);
  Announcement announcement;
  announcement.epochs = {city.epoch()};
  ClientState state;
  const std::uint64_t begin = city.not_before().value();
  REQUIRE(choose_epoch(announcement, state, UnixTime(begin - kClockTolerance), random) != nullptr);
  REQUIRE(choose_epoch(announcement, state, UnixTime(begin - kClockTolerance - 1), random) == nullptr);
}

TEST_CASE("a client that has begun an epoch moves at a moment drawn once inside the overlap") {
  InMemoryOperator city;
  city.publish({});
  AnnouncedEpoch old = city.epoch();
  AnnouncedEpoch next = city.epoch();
  old.not_after = UnixTime(kNow.value() + kEpochOverlap);
  next.id = epoch_named(9);
  next.not_before = kNow;
  next.not_after = UnixTime(kNow.value() + kEpochLength);
  Announcement announcement;
  announcement.epochs = {old, next};

  std::uint64_t earliest = ~std::uint64_t{0};
  std::uint64_t latest = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    DeterministicRandom random(seed);
    ClientState state;
    state.remember(old.id, old.not_after).begun = true;
    (void)choose_epoch(announcement, state, kNow, random);
    const UnixTime leave_at = *state.find(old.id)->leave_at;
    REQUIRE(leave_at >= kNow);
    REQUIRE(leave_at < old.not_after);
    earliest = std::min(earliest, leave_at.value());
    latest = std::max(latest, leave_at.value());
    // Kept: asked again later, the moment is the same.
    REQUIRE(choose_epoch(announcement, state, leave_at, random)->id == next.id);
    REQUIRE(state.find(old.id)->leave_at == leave_at);
    if (leave_at > kNow) {
      REQUIRE(choose_epoch(announcement, state, UnixTime(leave_at.value() - 1), random)->id == old.id);
    }
  }
  REQUIRE(earliest < kNow.value() + kDay);
  REQUIRE(latest > kNow.value() + kEpochOverlap - kDay);
}

}  // namespace blindbook::protocol
