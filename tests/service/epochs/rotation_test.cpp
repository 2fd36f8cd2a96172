// Clients with state through ordinary and emergency rotations, against the routes of the real service.

#include <functional>
#include <future>
#include <set>

#include <catch2/catch.hpp>

#include "blindbook/protocol/run.h"
#include "blindbook/protocol/token.h"
#include "blindbook/service/served_keys.h"

#include "tests/service/application/test_service.h"
#include "tests/service/epochs/epoch_fixture.h"

namespace blindbook::service {
namespace {

using protocol::RunNeed;
using test_support::ScriptedLedger;

/// The number of a subscriber, or of a stranger from 3 on.
Identifier contact(int index) {
  return test_support::number("+49302312500" + std::to_string(index));
}

struct Client {
  std::string account;
  std::vector<Identifier> book{contact(1), contact(2), contact(3)};
  protocol::ClientState state = {};
  Secret<32> key = {};
  std::vector<EpochId> epochs = {};                         // in the order in which it moved
  std::map<EpochId, std::vector<std::uint32_t>> sent = {};  // batches answered in each
  std::map<EpochId, UnixTime> moved = {};
};

/// An operator's folder, served by Application, and a clock for both.
class RotatingService : public EpochFixture {
 public:
  RotatingService() {
    static_cast<void>(publish_at(day(0)));
    served_ =
        ServedSets::open({.public_folder = folder.public_folder(),
                          .root = folder.config().root,
                          .load_keys = [this](UnixTime at) { return load_served_keys(folder, at, events_); }},
                         now_)
            .value();
    application_.emplace(Application::Parts{.served = *served_,
                                            .tokens = tokens_,
                                            .ledger = ledger,
                                            .pool = *pool,
                                            .random = system_random_,
                                            .clock = [this] { return now_; },
                                            .events = [](const Event&) {},
                                            .monotonic = [this] { return now_.value(); }});
  }
  ~RotatingService() { pool.reset(); }
  RotatingService(const RotatingService&) = delete;
  RotatingService& operator=(const RotatingService&) = delete;

  PublishReport publish(UnixTime at, Rotation rotation = Rotation::kWhenDue) {
    PublishReport report = publish_at(at, rotation);
    set_clock(at);
    return report;
  }
  /// What a running service does every half second.
  void set_clock(UnixTime at) {
    now_ = at;
    REQUIRE(served_->refresh(at));
  }

  /// One discovery of `client`, whose clock is `skew` seconds ahead (or, wrapped around, behind). `between` is
  /// called before each of its requests, with how many there were.
  Result<protocol::RunOutcome> discover(Client& client, std::uint64_t skew = 0,
                                        const std::function<void(int)>& between = {}) {
    client_now_ = UnixTime(now_.value() + skew);
    const protocol::RunSettings settings{
        .root = folder.config().root, .issuer = "blindbook", .account = client.account, .scheduled = true};
    protocol::Run run(settings, client.book, client.state, client.key, client_now_, random);
    int requests = 0;
    while (run.need() != RunNeed::kNothing) {
      if (run.need() != RunNeed::kWork && between) {
        between(requests++);
      }
      const Result<void> taken = step(run, client);
      run.state_saved();
      if (!taken) {
        return tl::unexpected<Error>(taken.error());
      }
    }
    return std::move(run).take_outcome();
  }

  /// discover(), which has to find both subscribers.
  void find_all(Client& client, std::uint64_t skew = 0, const std::function<void(int)>& between = {}) {
    const auto outcome = discover(client, skew, between);
    if (!outcome) {
      FAIL(client.account << ": " << outcome.error().rule << ": " << outcome.error().message);
    }
    REQUIRE(outcome->matches.size() == 2);
    REQUIRE(outcome->not_looked_up == 0);
    REQUIRE_FALSE(outcome->stopped);
    if (client.epochs.empty() || client.epochs.back() != outcome->epoch) {
      client.epochs.push_back(outcome->epoch);
      client.moved.emplace(outcome->epoch, now_);
    }
  }

  http::Response ask(http::Request request) {
    Bytes body = std::move(request.body);
    auto routed = application_->router()(std::move(request));
    if (auto* at_once = std::get_if<http::Response>(&routed)) {
      return std::move(*at_once);
    }
    std::promise<http::Response> promise;
    std::get<http::TakeBody>(routed)(std::move(body),
                                     [&](http::Response answer) { promise.set_value(std::move(answer)); });
    return promise.get_future().get();
  }
  [[nodiscard]] bool was_told(std::string_view event) const {
    return std::find(told_.begin(), told_.end(), event) != told_.end();
  }

  ScriptedLedger ledger;

 private:
  Result<void> step(protocol::Run& run, Client& client) {
    switch (run.need()) {
      case RunNeed::kAnnouncement:
        return run.take_announcement(ask({.method = "GET", .target = "/v1/announcement"}).payload());
      case RunNeed::kWork:
        return run.work(512);
      case RunNeed::kEvaluation: {
        const protocol::RunRequest request = run.request();
        const http::Response answer = ask({.method = "POST",
                                           .target = "/v1/evaluate",
                                           .authorization = "Bearer " + token_of(client.account),
                                           .body = Bytes(request.body.begin(), request.body.end())});
        if (answer.status == 410) {
          return run.take_refusal(protocol::RunRefusal::kEpochGone,
                                  unavailable("test.gone", "the epoch does not live").value());
        }
        REQUIRE(answer.status == 200);
        client.sent[run.epoch().id].push_back(request.elements);
        return run.take_answer(answer.payload());
      }
      case RunNeed::kDirectory: {
        const http::Response answer = ask({.method = "GET", .target = run.directory_path()});
        if (answer.status == 404 || answer.status == 410) {
          return run.directory_gone();
        }
        REQUIRE(answer.status == 200);
        Result<void> read = run.begin_directory();
        read = read ? run.feed_directory(answer.payload()) : read;
        return read ? run.finish_directory() : read;
      }
      case RunNeed::kNothing:
        break;
    }
    return {};
  }

  std::string token_of(const std::string& account) {
    return protocol::mint_token(issuer_,
                                {.issuer = "blindbook",
                                 .kid = "k",
                                 .audience = folder.operator_id(),
                                 .account = account,
                                 .issued_at = now_},
                                random)
        .value();
  }

  std::vector<std::string> told_;
  EventSink events_ = [this](const Event& event) { told_.emplace_back(event.name); };
  SystemRandom system_random_;
  UnixTime now_ = day(0);
  UnixTime client_now_ = day(0);
  protocol::Ed25519SecretKey issuer_ = protocol::Ed25519SecretKey::generate(system_random_);
  Replaceable<protocol::TokenVerifier> tokens_{
      protocol::TokenVerifier({{"blindbook", "k", issuer_.public_key()}}, folder.operator_id())};
  std::unique_ptr<ServedSets> served_;
  std::optional<Application> application_;
};

std::string directory_path(const protocol::AnnouncedEpoch& epoch) {
  return "/v1/directory/" + epoch.id.hex() + "/" + std::to_string(epoch.edition.value());
}

/// Charged once in each epoch for its whole book, and for one batch of 16 in each later run.
void check_charges(const Client& client) {
  CHECK(client.sent.size() == client.epochs.size());
  for (const auto& [epoch, batches] : client.sent) {
    CHECK(batches.front() == 64);
    CHECK(std::count(batches.begin(), batches.end(), 64U) == 1);
    CHECK(std::count(batches.begin(), batches.end(), 16U) + 1 == std::ptrdiff_t(batches.size()));
  }
}

TEST_CASE("clients come through two rotations and an emergency without one failed discovery") {
  RotatingService service;
  std::vector<Client> daily;
  for (int i = 0; i < 6; ++i) {
    daily.push_back({.account = "daily " + std::to_string(i)});
  }
  Client sometimes{.account = "sometimes"};
  Client rare{.account = "every 45 days"};
  std::vector<std::set<EpochId>> of_day(200);
  const auto near_rotation = [](std::uint64_t at) {
    const std::uint64_t in_epoch = at % 90;
    return in_epoch >= 88 || in_epoch <= 8;
  };
  for (std::uint64_t at = 1; at < 200; ++at) {
    const bool emergency = at == 195;
    if (!near_rotation(at) && at % 12 != 0 && !emergency) {
      continue;
    }
    INFO("day " << at);
    static_cast<void>(service.publish(day(at), emergency ? Rotation::kEmergency : Rotation::kWhenDue));
    for (std::size_t i = 0; i < daily.size(); ++i) {
      service.set_clock(UnixTime(day(at).value() + 3'600 * (1 + 3 * i)));
      service.find_all(daily[i]);
      of_day[at].insert(daily[i].epochs.back());
    }
    if (at % 3 == 0 || emergency) {
      service.find_all(sometimes);
    }
    if (at % 45 == 0) {
      service.find_all(rare);
    }
    Client once{.account = "once " + std::to_string(at)};
    service.find_all(once);
  }
  for (const Client& client : daily) {
    INFO(client.account);
    REQUIRE(client.epochs.size() == 4);
    check_charges(client);
    for (const std::size_t rotation : {1U, 2U}) {
      const UnixTime moved = client.moved.at(client.epochs[rotation]);
      CHECK(day(90 * rotation) <= moved);
      CHECK(moved <= UnixTime(day(90 * rotation + 7).value() + 86'400));
    }
    CHECK(client.moved.at(client.epochs[3]) < day(196));
  }
  // Not all on one day: a rotation is no day of rest for the allowances.
  CHECK(std::count_if(of_day.begin(), of_day.end(), [](const auto& epochs) { return epochs.size() > 1; }) >=
        2);
  for (const Client* client : {&sometimes, &rare}) {
    check_charges(*client);
  }
  CHECK(sometimes.epochs.size() == 4);
  CHECK(service.folder.epochs()->size() == 1);
}

TEST_CASE("an epoch is served from not_before to not_after, and gone afterwards") {
  RotatingService service;
  static_cast<void>(service.publish_until(86));
  const protocol::Announcement both = service.publish(day(87)).announcement;
  REQUIRE(both.epochs.size() == 2);
  const auto status = [&](std::size_t i) {
    return service.ask({.method = "GET", .target = directory_path(both.epochs[i])}).status;
  };
  CHECK(status(0) == 200);
  CHECK(status(1) == 404);
  service.set_clock(UnixTime(day(90).value() - 1));
  CHECK(status(1) == 404);
  service.set_clock(day(90));
  CHECK(status(1) == 200);
  service.set_clock(day(97));
  CHECK(status(0) == 200);
  CHECK(service.has_files(both.epochs[0].id));
  // By then clients have long refused the announcement, and nothing of the old epoch is kept all the same.
  service.set_clock(UnixTime(day(97).value() + 1));
  CHECK((status(0) == 404 || status(0) == 410));
  CHECK_FALSE(service.has_files(both.epochs[0].id));
  CHECK(service.was_told("epoch-destroyed"));
  CHECK(status(1) == 200);
}

TEST_CASE("an emergency in the middle of a run makes it begin again in the new epoch") {
  const int request = GENERATE(0, 1, 2);
  const bool knows = GENERATE(false, true);
  INFO("before request " << request << (knows ? ", with state" : ""));
  RotatingService service;
  Client client{.account = "alice"};
  static_cast<void>(service.publish(day(1)));
  if (knows) {
    service.find_all(client);
  }
  const EpochId old = service.announced().epochs.at(0).id;
  service.find_all(client, 0, [&](int sent) {
    if (sent == request) {
      static_cast<void>(service.publish(UnixTime(day(1).value() + 60), Rotation::kEmergency));
    }
  });
  CHECK(client.epochs.back() == service.announced().epochs.at(0).id);
  CHECK(client.epochs.back() != old);
  // What was evaluated in the old epoch before is lost; in the new one it is charged once, as everywhere.
  CHECK(client.sent.at(client.epochs.back()) == std::vector<std::uint32_t>{64});
}

TEST_CASE("a client whose clock differs by minutes fails at neither end of an overlap") {
  RotatingService service;
  static_cast<void>(service.publish_until(86));
  static_cast<void>(service.publish(day(89)));
  Client client{.account = "alice"};
  constexpr std::uint64_t kMinutes = 300;
  SECTION("ahead, before the next epoch has begun") {
    service.set_clock(UnixTime(day(90).value() - 100));
    service.find_all(client, kMinutes);
    CHECK(client.epochs.back() == service.announced().epochs.at(0).id);
  }
  SECTION("behind, after the old epoch has ended") {
    service.find_all(client);
    static_cast<void>(service.publish(day(96)));
    service.set_clock(UnixTime(day(97).value() + 100));
    client.state.find(client.epochs.at(0))->leave_at = day(97);
    service.find_all(client, std::uint64_t{0} - kMinutes);
    CHECK(client.epochs.back() == service.announced().epochs.at(1).id);
  }
}

TEST_CASE("a clock that jumped takes no key with it, and once set back the epochs are served again") {
  RotatingService service;
  Client client{.account = "alice"};
  static_cast<void>(service.publish(day(5)));
  const protocol::AnnouncedEpoch epoch = service.announced().epochs.at(0);
  service.set_clock(day(400));
  CHECK(service.ask({.method = "GET", .target = directory_path(epoch)}).status != 200);
  CHECK(service.was_told("clock-doubted"));
  CHECK(service.has_files(epoch.id));
  service.set_clock(day(6));
  service.find_all(client);
  CHECK_FALSE(service.was_told("epoch-destroyed"));
}

}  // namespace
}  // namespace blindbook::service
