// A whole run as its caller drives it: what it waits for, what it keeps, and how it ends.
#include "blindbook/protocol/run.h"

#include <catch2/catch.hpp>

#include "tests/protocol/discovery_pump.h"

namespace blindbook::protocol {
namespace {

using namespace test_support;

/// A client's device, and the service it talks to.
struct Device {
  InMemoryOperator city;
  ClientState state{.root = fingerprint_of(city.root_key())};
  Secret<32> key;
  std::vector<Identifier> book = book_of(0, 20);
  std::size_t slice = 512;

  Device() { city.publish({{berlin(3), "anna"}, {berlin(7), "ben"}, {berlin(500), "stranger"}}); }

  Run begin(UnixTime now = kNow, const std::string& account = "anna") {
    return Run({.root = city.root_key(), .issuer = "blindbook", .account = account}, book, state, key, now,
               city.random());
  }

  /// Takes the steps of `run` while it waits for anything but `until`.
  Result<void> drive(Run& run, RunNeed until = RunNeed::kNothing) {
    while (run.need() != until && run.need() != RunNeed::kNothing) {
      if (auto taken = step(run); !taken) {
        return taken;
      }
    }
    return {};
  }

  Result<void> step(Run& run) {
    switch (run.need()) {
      case RunNeed::kAnnouncement:
        return run.take_announcement(city.announce());
      case RunNeed::kWork:
        return run.work(slice);
      case RunNeed::kEvaluation:
        return run.take_answer(city.answer(run.request().body).value());
      case RunNeed::kDirectory:
        if (auto begun = run.begin_directory(); !begun) {
          return begun;
        }
        if (auto fed = run.feed_directory(city.directory_file()); !fed) {
          return fed;
        }
        return run.finish_directory();
      case RunNeed::kNothing:
        break;
    }
    return {};
  }
};

std::vector<std::string> labels_of(const Run& run) {
  std::vector<std::string> labels;
  for (const ContactMatch& match : run.outcome().matches) {
    labels.push_back(match.label.value_or("-"));
  }
  return labels;
}

const std::vector<std::string> kAnnaAndBen{"@anna:city.example", "@ben:city.example"};
const Error kSpent{.fault = Fault::kSpent, .rule = "service.allowance", .message = "spent"};

}  // namespace

TEST_CASE("a run goes from the announcement to the matches") {
  Device device;
  Run run = device.begin();
  REQUIRE(run.need() == RunNeed::kAnnouncement);
  REQUIRE(device.drive(run));
  CHECK(labels_of(run) == kAnnaAndBen);
  CHECK(run.outcome().evaluated == 20);
  CHECK(run.outcome().not_looked_up == 0);
  CHECK(run.outcome().allowance_left == 5000);
  CHECK(run.outcome().operator_name == "Stadt Beispiel");
  CHECK(run.outcome().chain == ChainLink::kFirst);
  CHECK(run.outcome().notices.empty());
}

TEST_CASE("a run in slices of any length finds the same") {
  for (const std::size_t slice : {std::size_t{0}, std::size_t{1}, std::size_t{7}, std::size_t{64}}) {
    Device device;
    device.slice = slice;
    Run run = device.begin();
    REQUIRE(device.drive(run));
    CHECK(labels_of(run) == kAnnaAndBen);
  }
}

TEST_CASE("progress counts the elements of all batches") {
  Device device;
  Run run = device.begin();
  CHECK(run.progress().total == 0);
  REQUIRE(device.drive(run, RunNeed::kWork));
  CHECK(run.progress().done == 0);
  CHECK(run.progress().total == 64);
  REQUIRE(run.work(10));
  CHECK(run.progress().done == 10);
  REQUIRE(device.drive(run));
  CHECK(run.progress().done == 64);
}

TEST_CASE("a request is in the state before it can be asked for") {
  Device device;
  Run run = device.begin();
  REQUIRE(device.drive(run, RunNeed::kWork));
  run.state_saved();
  CHECK(run.request().body.empty());
  REQUIRE(device.drive(run, RunNeed::kEvaluation));
  CHECK(run.state_changed());
  CHECK_FALSE(device.state.epochs.front().pending.empty());
  CHECK(run.request().elements == 64);
  CHECK(run.request().identifiers == 20);
  CHECK_FALSE(run.request().resumed);
}

TEST_CASE("a run sends again what an earlier run left unanswered") {
  Device device;
  Bytes left;
  {
    Run cut_off = device.begin();
    REQUIRE(device.drive(cut_off, RunNeed::kEvaluation));
    left.assign(cut_off.request().body.begin(), cut_off.request().body.end());
  }
  Run run = device.begin();
  REQUIRE(device.drive(run, RunNeed::kEvaluation));
  CHECK(run.request().resumed);
  CHECK(Bytes(run.request().body.begin(), run.request().body.end()) == left);
  REQUIRE(device.drive(run));
  CHECK(labels_of(run) == kAnnaAndBen);
}

TEST_CASE("what another account left unanswered is dropped with a notice") {
  Device device;
  {
    Run cut_off = device.begin();
    REQUIRE(device.drive(cut_off, RunNeed::kEvaluation));
  }
  Run run = device.begin(kNow, "ben");
  REQUIRE(device.drive(run, RunNeed::kEvaluation));
  CHECK_FALSE(run.request().resumed);
  REQUIRE(run.outcome().notices.size() == 1);
  CHECK(run.outcome().notices[0].ends_with("it belongs to another account"));
}

TEST_CASE("what was left unanswered for more than a day is dropped with a notice") {
  Device device;
  {
    Run cut_off = device.begin();
    REQUIRE(device.drive(cut_off, RunNeed::kEvaluation));
  }
  Run run = device.begin(UnixTime(kNow.value() + kDay + 1));
  REQUIRE(device.drive(run, RunNeed::kEvaluation));
  CHECK_FALSE(run.request().resumed);
  REQUIRE(run.outcome().notices.size() == 1);
  CHECK(run.outcome().notices[0].ends_with("it is older than a day"));
}

TEST_CASE("what belongs to ended epochs is wiped when a run begins") {
  Device device;
  {
    Run cut_off = device.begin();
    REQUIRE(device.drive(cut_off, RunNeed::kEvaluation));
  }
  const Run run = device.begin(UnixTime(InMemoryOperator::not_after().value() + 1));
  CHECK(run.forgotten_epochs() == std::vector<EpochId>{device.city.epoch().id});
  CHECK(run.state_changed());
  CHECK(device.state.epochs.empty());
  REQUIRE(run.outcome().notices.size() == 1);
  CHECK(run.outcome().notices[0].ends_with("its epoch has ended"));
}

TEST_CASE("what was evaluated once is not asked for again") {
  Device device;
  Run first = device.begin();
  REQUIRE(device.drive(first));
  Run run = device.begin();
  REQUIRE(device.drive(run, RunNeed::kEvaluation));
  CHECK(run.request().elements == 16);
  CHECK(run.request().identifiers == 0);
  REQUIRE(device.drive(run));
  CHECK(labels_of(run) == kAnnaAndBen);
  CHECK(run.outcome().evaluated == 0);
  CHECK(run.outcome().chain == ChainLink::kNext);
}

TEST_CASE("a step that a run does not wait for is misuse and changes nothing") {
  Device device;
  Run run = device.begin();
  CHECK(run.work(1).error().rule == "run.order");
  CHECK(run.take_answer({}).error().rule == "run.order");
  CHECK(run.take_refusal(RunRefusal::kEpochGone, kSpent).error().rule == "run.order");
  CHECK(run.begin_directory().error().rule == "run.order");
  CHECK(run.feed_directory({}).error().rule == "run.order");
  CHECK(run.finish_directory().error().rule == "run.order");
  CHECK(run.directory_gone().error().rule == "run.order");
  REQUIRE(device.drive(run, RunNeed::kDirectory));
  CHECK(run.take_announcement({}).error().rule == "run.order");
  CHECK(run.feed_directory({}).error().rule == "run.order");
  CHECK(run.finish_directory().error().rule == "run.order");
  REQUIRE(device.drive(run));
  CHECK(labels_of(run) == kAnnaAndBen);
  CHECK(run.work(1).error().rule == "run.order");
}

TEST_CASE("an error ends a run and leaves its request in the state") {
  Device device;
  Run run = device.begin();
  REQUIRE(device.drive(run, RunNeed::kEvaluation));
  Bytes answer = device.city.answer(run.request().body).value();
  answer.back() ^= 1;
  CHECK(run.take_answer(answer).error().rule == "oprf.proof");
  CHECK(run.need() == RunNeed::kNothing);
  CHECK(run.take_answer(answer).error().rule == "run.order");
  CHECK_FALSE(device.state.epochs.front().pending.empty());
  CHECK(device.state.epochs.front().outputs.size() == 0);
}

TEST_CASE("a page in place of an answer or a directory is nobodys fault") {
  const ByteView page = bytes_of("<!DOCTYPE html>");
  {
    Device device;
    Run run = device.begin();
    REQUIRE(device.drive(run, RunNeed::kEvaluation));
    CHECK(run.take_answer(page).error().rule == "service.not-an-answer");
  }
  {
    Device device;
    Run run = device.begin();
    REQUIRE(device.drive(run, RunNeed::kDirectory));
    REQUIRE(run.begin_directory());
    REQUIRE(run.feed_directory(page.first(3)));
    CHECK(run.feed_directory(page.subspan(3)).error().rule == "service.not-an-answer");
  }
  {
    Device device;
    Run run = device.begin();
    REQUIRE(device.drive(run, RunNeed::kDirectory));
    REQUIRE(run.begin_directory());
    CHECK(run.finish_directory().error().rule == "service.not-an-answer");
  }
}

TEST_CASE("a directory may be begun anew, and comes in pieces of any size") {
  Device device;
  Run run = device.begin();
  REQUIRE(device.drive(run, RunNeed::kDirectory));
  REQUIRE(run.begin_directory());
  REQUIRE(run.feed_directory(ByteView(device.city.directory_file()).first(20)));
  REQUIRE(run.begin_directory());
  for (const std::uint8_t byte : device.city.directory_file()) {
    REQUIRE(run.feed_directory(ByteView(&byte, 1)));
  }
  REQUIRE(run.finish_directory());
  CHECK(labels_of(run) == kAnnaAndBen);
}

TEST_CASE("a spent allowance ends a run that holds nothing") {
  Device device;
  Run run = device.begin();
  REQUIRE(device.drive(run, RunNeed::kEvaluation));
  CHECK(run.take_refusal(RunRefusal::kAllowanceSpent, kSpent).error().rule == "service.allowance");
}

TEST_CASE("a spent allowance leaves the matches of what was evaluated before") {
  Device device;
  Run first = device.begin();
  REQUIRE(device.drive(first));
  device.book = book_of(0, 40);
  Run run = device.begin();
  REQUIRE(device.drive(run, RunNeed::kEvaluation));
  REQUIRE(run.take_refusal(RunRefusal::kAllowanceSpent, kSpent));
  REQUIRE(device.drive(run));
  CHECK(labels_of(run) == kAnnaAndBen);
  CHECK(run.outcome().not_looked_up == 20);
  REQUIRE(run.outcome().stopped);
  CHECK(run.outcome().stopped->rule == "service.allowance");
}

TEST_CASE("an epoch that has gone makes a run ask for the announcement at most 3 times more") {
  Device device;
  Run run = device.begin();
  for (int heard = 1; heard <= 3; ++heard) {
    REQUIRE(device.drive(run, RunNeed::kEvaluation));
    REQUIRE(run.take_refusal(RunRefusal::kEpochGone, kSpent));
    CHECK(device.state.epochs.front().pending.empty());
    CHECK(run.need() == RunNeed::kAnnouncement);
  }
  REQUIRE(device.drive(run, RunNeed::kEvaluation));
  CHECK(run.take_refusal(RunRefusal::kEpochGone, kSpent).error().rule == "discovery.moving");
}

TEST_CASE("a directory that has gone makes a run ask for the announcement and for nothing else twice") {
  Device device;
  Run run = device.begin();
  REQUIRE(device.drive(run, RunNeed::kDirectory));
  device.city.publish({{berlin(4), "cleo"}});
  REQUIRE(run.directory_gone());
  REQUIRE(run.need() == RunNeed::kAnnouncement);
  REQUIRE(device.step(run));
  REQUIRE(run.need() == RunNeed::kDirectory);
  REQUIRE(device.drive(run));
  CHECK(labels_of(run) == std::vector<std::string>{"@cleo:city.example"});
}

TEST_CASE("a run that hears of a fork has the evidence") {
  Device device;
  Run first = device.begin();
  const Bytes object = device.city.announce();
  REQUIRE(first.take_announcement(object));
  InMemoryOperator twin;
  twin.publish({{berlin(9), "other"}});
  Run run = device.begin();
  const auto heard = run.take_announcement(twin.announce());
  CHECK(heard.error().rule == "history.fork");
  CHECK(run.evidence().has_value());
}

}  // namespace blindbook::protocol
