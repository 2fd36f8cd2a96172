#pragma once

#include <map>
#include <string>
#include <vector>

#include "blindbook/protocol/params.h"
#include "blindbook/service/epoch_commands.h"
#include "blindbook/service/epoch_life.h"
#include "blindbook/service/publication_clock.h"

#include "tests/service/publish_fixture.h"

namespace blindbook::service {

inline constexpr const char* kEpochRows = "+493023125001,anna,yes\n+493023125002,ben,yes\n";

[[nodiscard]] inline UnixTime day(std::uint64_t days) {
  return UnixTime(kPublishNow.value() + days * kPublishDay);
}

/// An operator whose clock a test turns.
struct EpochFixture : PublishFixture {
  PublishReport publish_at(UnixTime now, Rotation rotation = Rotation::kWhenDue) {
    options.now = now;
    options.rotation = rotation;
    return publish_rows(kEpochRows);
  }
  /// The rule that refuses a publication; "" when none does.
  std::string_view refusal_at(UnixTime now, Rotation rotation = Rotation::kWhenDue) {
    options.now = now;
    options.rotation = rotation;
    const Result<PublishReport> report = try_publish(kEpochRows);
    return report ? std::string_view() : report.error().rule;
  }
  /// Publishes as rarely as goes without a doubt until `end`, the last time at that day.
  PublishReport publish_until(std::uint64_t end) {
    while (last_day + 13 < end) {
      static_cast<void>(publish_at(day(last_day += 13)));
    }
    last_day = end;
    return publish_at(day(end));
  }
  [[nodiscard]] protocol::Announcement announced() const { return (*folder.announcement())->announcement; }
  [[nodiscard]] bool has_files(const EpochId& epoch) const {
    namespace fs = std::filesystem;
    return folder.keys().contains(epoch.hex()) || fs::exists(folder.directory_folder(epoch)) ||
           fs::exists(folder.patch_folder(epoch));
  }

  std::uint64_t last_day = 0;
};

}  // namespace blindbook::service
