#include "blindbook/service/daily_publication.h"

#include <algorithm>
#include <system_error>

#include <nlohmann/json.hpp>

#include "blindbook/protocol/strict_json.h"
#include "blindbook/service/atomic_file.h"
#include "blindbook/service/operator_folder.h"
#include "blindbook/service/worker_pool.h"

namespace blindbook::service {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSchema = "blindbook.publication-failures/1";
constexpr std::size_t kMaxFailureBytes = 4'096;

fs::path failures_path(const fs::path& folder) {
  return folder / "publication-failures.json";
}

}  // namespace

std::optional<PublicationFailures> read_publication_failures(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::exists(failures_path(folder), ignored)) {
    return std::nullopt;
  }
  const Result<Bytes> text = read_file(failures_path(folder), kMaxFailureBytes);
  if (!text) {
    return std::nullopt;
  }
  const Result<nlohmann::json> parsed = protocol::parse_strict_json(text_of(*text), kMaxFailureBytes);
  if (!parsed || !parsed->is_object() || !parsed->contains("schema") || !parsed->at("schema").is_string() ||
      parsed->at("schema").get<std::string>() != kSchema) {
    return std::nullopt;
  }
  const auto count = parsed->find("failures");
  const auto at = parsed->find("last_at");
  const auto rule = parsed->find("rule");
  if (count == parsed->end() || !count->is_number_unsigned() || at == parsed->end() ||
      !at->is_number_unsigned() || rule == parsed->end() || !rule->is_string()) {
    return std::nullopt;
  }
  return PublicationFailures{count->get<std::uint64_t>(), UnixTime(at->get<std::uint64_t>()),
                             rule->get<std::string>()};
}

void DailyPublication::tick(UnixTime now) {
  // A clock that was set back must not make it wait for longer.
  if (looked_at_ <= now && now < sleep_until_) {
    return;
  }
  // What cannot be read here is the error of the publication.
  const Result<OperatorFolder> folder = OperatorFolder::open(settings_.folder, {});
  std::optional<protocol::OpenedAnnouncement> last;
  if (folder) {
    last = folder->announcement().value_or(std::nullopt);
  }
  if (!schedule_.is_due(last ? &last->announcement : nullptr, now)) {
    // One that failed is looked at again soon, one that is done not before its next hour.
    looked_at_ = now;
    sleep_until_ =
        last && published_at(last->announcement) >= settings_.hour.last(now) ? settings_.hour.next(now) : now;
    return;
  }
  sleep_until_ = now;
  if (const Result<void> published = publish_once(now); !published) {
    schedule_.failed(now);
    remember_failure(published.error(), now);
    events_(error_event("publish-failed", published.error()));
  }
}

Result<void> DailyPublication::begin(UnixTime now) {
  const Result<OperatorFolder> folder = OperatorFolder::open(settings_.folder, {});
  if (!folder) {
    return tl::unexpected<Error>(folder.error());
  }
  std::error_code ignored;
  return fs::exists(folder->announcement_path(), ignored) ? Result<void>() : publish_once(now);
}

Result<void> DailyPublication::publish_once(UnixTime now) {
  Result<OperatorFolder> folder = OperatorFolder::open(settings_.folder, settings_.passphrase);
  if (!folder) {
    return failed(folder);
  }
  const Result<std::unique_ptr<SubscriberSource>> source = settings_.source();
  if (!source) {
    return tl::unexpected<Error>(source.error());
  }
  const PublishOptions options{.region = settings_.region,
                               .strict = settings_.strict,
                               .labels = settings_.labels,
                               .now = now,
                               .next_publication = settings_.hour.next(now),
                               .progress = {},
                               .on_rejected = {},
                               .on_ended = [this](std::span<const EpochId> ended) {
                                 for (const EpochId& epoch : ended) {
                                   events_({"epoch-destroyed", {{"epoch", epoch.hex()}}});
                                 }
                               }};
  WorkerPool pool(settings_.threads != 0 ? settings_.threads : std::max(1U, usable_cores() / 2), 1);
  const Result<PublishReport> report = publish(*folder, **source, options, pool, *random_);
  if (!report) {
    return tl::unexpected<Error>(report.error());
  }
  events_({"published",
           {{"seq", report->announcement.seq},
            {"published", report->published},
            {"rejected", report->rejected}}});
  for (const EpochId& epoch : report->opened) {
    events_({"epoch-opened", {{"epoch", epoch.hex()}}});
  }
  static_cast<void>(remove_file(failures_path(settings_.folder)));
  return {};
}

/// For `status`, which cannot see the log. A disk that takes no note is no further failure.
void DailyPublication::remember_failure(const Error& error, UnixTime now) const {
  const std::optional<PublicationFailures> before = read_publication_failures(settings_.folder);
  nlohmann::ordered_json out;
  out["schema"] = kSchema;
  out["failures"] = (before ? before->count : 0) + 1;
  out["last_at"] = now.value();
  out["rule"] = std::string(error.rule);
  static_cast<void>(write_file_atomically(failures_path(settings_.folder), bytes_of(out.dump() + "\n"),
                                          FileAccess::kOwnerOnly));
}

}  // namespace blindbook::service
