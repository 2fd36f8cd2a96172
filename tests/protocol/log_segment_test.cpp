#include "blindbook/protocol/log_segment.h"

#include <catch2/catch.hpp>

#include "blindbook/hash/sha2.h"
#include "blindbook/protocol/evidence.h"
#include "blindbook/protocol/history.h"

#include "tests/protocol/in_memory_operator.h"

namespace blindbook::protocol {
namespace {

using namespace test_support;

/// An operator that has announced `count` editions, and what its log holds.
struct Chain {
  explicit Chain(std::size_t count, std::uint64_t seed = 1) : city(seed) {
    while (opened.size() < count) {
      announce();
    }
  }
  void announce() {
    city.publish({{berlin(static_cast<int>(opened.size())), "anna"}});
    opened.push_back(open_announcement(city.announce(), city.root_key()).value());
    log.objects.emplace_back(hash::sha256({opened.back().object}));
  }
  /// `seq` as a client remembers it that saw this one alone.
  [[nodiscard]] OperatorHistory seen(std::uint64_t seq) const {
    return follow({}, opened[seq - 1], kNow).value().history;
  }
  [[nodiscard]] Bytes log_from(std::uint64_t seq) const { return encode_log(log.part(seq, log.last())); }

  InMemoryOperator city;
  std::vector<OpenedAnnouncement> opened;
  LogSegment log;
};

}  // namespace

TEST_CASE("the heads of a log are those of the announcements") {
  const Chain chain(5);
  CHECK(chain.log.last() == 5);
  CHECK(chain.log.head_at(0) == Head());
  for (std::uint64_t seq = 1; seq <= 5; ++seq) {
    CHECK(chain.log.head_at(seq) == chain.opened[seq - 1].head);
    const LogSegment part = chain.log.part(seq, 5);
    CHECK(part.before == chain.opened[seq - 1].announcement.previous_head);
    CHECK(part.head_at(5) == chain.opened[4].head);
    if (seq > 1) {
      CHECK_FALSE(part.head_at(seq - 2));
    }
  }
  CHECK_FALSE(chain.log.head_at(6));
}

TEST_CASE("a log survives its bytes, and other bytes are refused") {
  const Chain chain(3);
  const Bytes bytes = encode_log(chain.log);
  CHECK(parse_log(bytes).value() == chain.log);
  const LogSegment empty{.first = 4, .before = chain.opened[2].head, .objects = {}};
  CHECK(parse_log(encode_log(empty)).value() == empty);
  const auto refused = [](Bytes changed) { return parse_log(changed).error().rule == "log.format"; };
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    REQUIRE(refused(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size))));
  }
  Bytes longer = bytes;
  longer.push_back(0);
  CHECK(refused(longer));
  Bytes many = bytes;
  std::fill(many.begin() + 49, many.begin() + 53, std::uint8_t{0xff});  // a count of 2^32 - 1
  CHECK(refused(many));
  Bytes version = bytes;
  version[8] = 2;
  CHECK(refused(version));
  Bytes zero = bytes;
  zero[16] = 0;  // first: 0
  CHECK(refused(zero));
  Bytes headed = bytes;
  headed[17] = 1;  // a head before the first
  CHECK(refused(headed));
}

TEST_CASE("a log bridges the announcements that a client missed") {
  const Chain chain(6);
  for (std::uint64_t seen = 1; seen <= 4; ++seen) {
    const OperatorHistory history = chain.seen(seen);
    REQUIRE(log_needed(history, chain.opened[5]) == seen + 1);
    const Followed followed = follow(history, chain.opened[5], kNow, chain.log_from(seen + 1)).value();
    CHECK(followed.link == ChainLink::kLogged);
    CHECK(followed.history.head == chain.opened[5].head);
  }
  CHECK_FALSE(log_needed({}, chain.opened[5]));
  CHECK_FALSE(log_needed(chain.seen(5), chain.opened[5]));
  CHECK_FALSE(log_needed(chain.seen(6), chain.opened[5]));
}

TEST_CASE("a log that goes on behind the announcement bridges, and one that ends before leaves the gap") {
  Chain chain(5);
  const Bytes early = chain.log_from(2);
  chain.announce();
  chain.announce();
  CHECK(follow(chain.seen(1), chain.opened[4], kNow, chain.log_from(2)).value().link == ChainLink::kLogged);
  CHECK(follow(chain.seen(1), chain.opened[6], kNow, early).value().link == ChainLink::kGap);
}

TEST_CASE("a log that leads elsewhere is the service's fault") {
  const Chain chain(5);
  const OperatorHistory history = chain.seen(1);
  const auto refused = [&](const Bytes& log) {
    const auto followed = follow(history, chain.opened[4], kNow, log);
    REQUIRE_FALSE(followed);
    CHECK(followed.error().error.fault == Fault::kPeerMisbehaved);
    CHECK_FALSE(followed.error().evidence);
    return followed.error().error.rule;
  };
  LogSegment changed = chain.log.part(2, 5);
  changed.objects[1] = Digest();
  CHECK(refused(encode_log(changed)) == "log.chain");
  CHECK(refused(chain.log_from(3)) == "log.chain");  // another part than was asked for
  LogSegment before = chain.log.part(2, 5);
  before.before = Head();
  CHECK(refused(encode_log(before)) == "log.chain");
  CHECK(refused(Bytes{1, 2, 3}) == "log.format");
}

TEST_CASE("a chain with another announcement in the place of the known one is a fork that the log proves") {
  Chain chain(2);
  const OpenedAnnouncement shown = chain.opened[1];
  // The operator's key signs another second announcement, and goes on from that.
  Chain other(1);
  other.city.publish({{berlin(77), "ben"}});
  other.opened.push_back(open_announcement(other.city.announce(), other.city.root_key()).value());
  other.log.objects.emplace_back(hash::sha256({other.opened.back().object}));
  other.announce();
  other.announce();
  REQUIRE(other.opened[0].object == chain.opened[0].object);
  REQUIRE(other.opened[1].object != shown.object);

  const auto followed = follow(chain.seen(2), other.opened[3], kNow, other.log_from(3));
  REQUIRE_FALSE(followed);
  CHECK(followed.error().error.rule == "history.fork");
  REQUIRE(followed.error().evidence);
  const Evidence evidence = parse_evidence(*followed.error().evidence).value();
  CHECK(evidence.one == shown.object);
  CHECK(evidence.other == other.opened[3].object);
  CHECK(verify_evidence(evidence, chain.city.root_key()).value() == followed.error().error.message);

  Evidence unproven = evidence;
  unproven.log.reset();
  CHECK(verify_evidence(unproven, chain.city.root_key()).error().rule == "evidence.proves-nothing");
  unproven.log = evidence.log->part(3, 2);
  CHECK(verify_evidence(unproven, chain.city.root_key()).error().rule == "evidence.proves-nothing");
  const Evidence innocent{.one = chain.opened[0].object, .other = chain.opened[1].object, .log = {}};
  CHECK(verify_evidence(innocent, chain.city.root_key()).error().rule == "evidence.proves-nothing");
  CHECK(verify_evidence(evidence, InMemoryOperator(9).root_key()).error().fault == Fault::kPeerMisbehaved);

  Bytes file = encode_evidence(evidence);
  CHECK(encode_evidence(parse_evidence(file).value()) == file);
  for (std::size_t size = 0; size < file.size(); ++size) {
    const auto cut = parse_evidence(ByteView(file).first(size));
    REQUIRE((!cut || !cut->log));
    REQUIRE((cut || cut.error().rule == "evidence.format"));
  }
}

}  // namespace blindbook::protocol
