#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "blindbook/base/error.h"
#include "blindbook/base/random.h"
#include "blindbook/base/types.h"
#include "blindbook/service/event.h"
#include "blindbook/service/passphrase.h"
#include "blindbook/service/publication_hour.h"
#include "blindbook/service/publisher.h"
#include "blindbook/service/subscriber_source.h"

/// A service that publishes by itself, every day at one hour, also when nothing changed: so that the hour tells
/// nothing, and epochs are announced, followed and ended without a hand.
namespace blindbook::service {

/// What failed since the last publication: <folder>/publication-failures.json, gone after the next that works.
struct PublicationFailures {
  std::uint64_t count = 0;
  UnixTime last_at;
  std::string rule;  ///< of the last one
};
/// None where there is no such file, or one that cannot be read.
[[nodiscard]] std::optional<PublicationFailures> read_publication_failures(
    const std::filesystem::path& folder);

class DailyPublication {
 public:
  struct Settings {
    std::filesystem::path folder;  ///< the operator's; opened anew each time, since `key renew` may change it
    PassphraseSource passphrase;
    std::function<Result<std::unique_ptr<SubscriberSource>>()> source;  ///< the list, from its beginning
    PublicationHour hour;
    std::optional<std::string> region;  ///< this and the next two as in PublishOptions
    bool strict = false;
    LabelRequest labels;
    unsigned threads = 0;  ///< 0: half of the cores, so that a running service answers meanwhile
  };
  /// `random` must outlive this. `events` is told "published", and "publish-failed" with the rule.
  DailyPublication(Settings settings, EventSink events, RandomSource& random)
      : settings_(std::move(settings)),
        events_(std::move(events)),
        schedule_(settings_.hour),
        random_(&random) {}

  /// Publishes if that is due at `now`: the hour has come, or was missed, or 10 minutes have passed since it
  /// failed. To be called every second or so; costs next to nothing while nothing is due.
  void tick(UnixTime now);

  /// The first publication of a folder that has none; nothing to do in others. Errors of OperatorFolder::open()
  /// and publish().
  [[nodiscard]] Result<void> begin(UnixTime now);

 private:
  [[nodiscard]] Result<void> publish_once(UnixTime now);
  void remember_failure(const Error& error, UnixTime now) const;

  Settings settings_;
  EventSink events_;
  PublicationSchedule schedule_;
  RandomSource* random_;
  UnixTime looked_at_;    // when nothing was due,
  UnixTime sleep_until_;  // nor will be before this
};

}  // namespace blindbook::service
