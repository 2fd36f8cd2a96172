#include "blindbook/service/watch/readiness.h"

#include "tests/service/application/test_service.h"

namespace blindbook::test_support {
namespace {

using service::kDeadKeyGrace;
using service::unready_reasons;
using Reasons = std::vector<std::string_view>;

struct Worker {
  Worker() {
    next_edition(city, some_bytes(1'000));
    files.publish(city);
  }
  void open() { served = service::ServedSets::open(files.source(city), kNow).value(); }
  [[nodiscard]] Reasons reasons(UnixTime now, bool ledger_writable = true, bool draining = false) const {
    return unready_reasons(*served->current(), ledger_writable, draining, now);
  }
  InMemoryOperator city;
  PublicFolder files;
  std::unique_ptr<service::ServedSets> served;
};

TEST_CASE("a worker with a live key is ready") {
  Worker worker;
  worker.open();
  CHECK(worker.reasons(kNow).empty());
  CHECK(worker.reasons(kNow, false) == Reasons{"ledger"});
  CHECK(worker.reasons(kNow, true, true) == Reasons{"draining"});
}

TEST_CASE("a worker is not ready before its only epoch begins") {
  Worker worker;
  worker.open();
  CHECK(worker.reasons(UnixTime(InMemoryOperator::not_before().value() - 1)) == Reasons{"no-live-key"});
  CHECK(worker.reasons(InMemoryOperator::not_before()).empty());
}

TEST_CASE("a worker is not ready while its only epoch has no directory") {
  Worker worker;
  worker.city.epoch_to_announce().edition = Edition(0);
  worker.city.epoch_to_announce().root = {};
  worker.city.epoch_to_announce().size = 0;
  worker.files.write("announcement.bba", worker.city.announce());
  worker.open();
  CHECK(worker.reasons(kNow) == Reasons{"no-live-key"});
}

TEST_CASE("a worker that keeps the key of an ended epoch is not ready once it should have let go") {
  Worker worker;
  const UnixTime end(kNow.value() + 1'000);  // before the announcement does
  worker.city.begin_epoch_until(end);
  next_edition(worker.city, some_bytes(1'000));
  worker.files.publish(worker.city);
  worker.open();
  CHECK(worker.reasons(end).empty());
  CHECK(worker.reasons(UnixTime(end.value() + 1)) == Reasons{"no-live-key"});
  CHECK(worker.reasons(UnixTime(end.value() + kDeadKeyGrace)) == Reasons{"no-live-key"});
  CHECK(worker.reasons(UnixTime(end.value() + kDeadKeyGrace + 1)) == Reasons{"no-live-key", "dead-key"});
}

TEST_CASE("a worker whose announcement clients refuse is not ready") {
  Worker worker;
  worker.open();
  const UnixTime end = worker.served->current()->announcement().valid_until;
  CHECK(worker.reasons(end).empty());
  CHECK(worker.reasons(UnixTime(end.value() + 1)) == Reasons{"old-announcement"});
}

}  // namespace
}  // namespace blindbook::test_support
