// `blindbook publish`, and the publications of `blindbook epoch rotate`: from the operator's list of subscribers to
// a new edition.

#include <charconv>
#include <set>
#include <string>
#include <vector>

#include "blindbook/base/random.h"
#include "blindbook/protocol/announcement.h"
#include "blindbook/service/mapped_file.h"
#include "blindbook/service/operator_folder.h"
#include "blindbook/service/publisher.h"
#include "blindbook/service/sources/open.h"
#include "blindbook/service/subscriber_list.h"
#include "blindbook/service/worker_pool.h"

#include "cli/client_month.h"
#include "cli/commands.h"
#include "cli/common/clock.h"
#include "cli/common/facts.h"
#include "cli/common/input.h"
#include "cli/common/progress.h"
#include "cli/common/terminal.h"
#include "cli/model_facts.h"
#include "cli/publication.h"
#include "cli/subscriber_options.h"

namespace blindbook::cli {
namespace {

/// The epoch that a new client uses: the latest that has begun.
const protocol::AnnouncedEpoch& current_epoch(const protocol::Announcement& announcement, UnixTime now) {
  const protocol::AnnouncedEpoch* current = &announcement.epochs.front();
  for (const protocol::AnnouncedEpoch& epoch : announcement.epochs) {
    current = epoch.not_before <= now ? &epoch : current;
  }
  return *current;
}

void report_rejected(const std::string& source, std::span<const service::RejectedRow> rejected) {
  for (const service::RejectedRow& row : rejected) {
    note(source + ":" + std::to_string(row.line) + ": " + std::string(row.reason) + ": " +
         std::string(service::describe_rejected_row(row.reason)));
  }
  std::set<std::string_view> hinted;
  for (const service::RejectedRow& row : rejected) {
    const std::string_view text = service::hint_for_rejected_row(row.reason);
    if (!text.empty() && hinted.insert(text).second) {
      hint(text);
    }
  }
}

Facts summary_of(const service::PublishReport& report, const std::vector<service::RejectedRow>& rejected,
                 UnixTime now, bool as_json) {
  const protocol::AnnouncedEpoch& epoch = current_epoch(report.announcement, now);
  Facts out;
  out.add("rows", report.well_formed + report.rejected).add("published", report.published);
  out.add("not_discoverable", report.well_formed - report.published - report.erased);
  out.add("erased", report.erased).add("evaluated", report.evaluated);
  if (as_json) {
    std::vector<Facts> rows;
    rows.reserve(rejected.size());
    for (const service::RejectedRow& row : rejected) {
      rows.push_back(Facts().add("line", row.line).add("reason", row.reason));
    }
    out.add("rejected", std::move(rows));
  } else {
    out.add("rejected", report.rejected);
  }
  out.add("epoch", epoch.id.hex()).add("edition", epoch.edition.value()).add("entries", epoch.entries);
  out.add("directory_bytes", epoch.size);
  out.add("root", epoch.root.hex()).add("head", report.head.hex());
  std::vector<std::string> opened;
  for (const EpochId& id : report.opened) {
    opened.push_back(id.hex());
  }
  out.add("opened", std::move(opened));
  std::vector<Facts> cut_off;
  for (const protocol::AnnouncedEpoch& cut : report.cut_off) {
    cut_off.push_back(
        Facts().add("epoch", cut.id.hex()).add("edition", cut.edition.value()).add("entries", cut.entries));
  }
  out.add("cut_off", std::move(cut_off));
  return out;
}

/// What the new directory lets chance and sweepers do. It is published by then, so a failure is no failure of
/// the publication.
void add_model(Facts& summary, const service::OperatorFolder& folder, const service::PublishReport& report,
               UnixTime now) {
  const protocol::AnnouncedEpoch& epoch = current_epoch(report.announcement, now);
  add_client_month(summary, folder, epoch);
  const auto directory = service::MappedFile::open(folder.directory_path(epoch.id, epoch.edition));
  if (!directory) {
    warn("the new directory cannot be read again: " + directory.error().message);
  } else if (const auto added = add_directory_model(summary, (*directory)->bytes()); !added) {
    warn("the new directory cannot be read again: " + added.error().message);
  }
  add_sweep(summary, report.announcement.allowance, Spaces::kAssigned);
}

}  // namespace

Result<service::LabelRequest> labels_from(const Arguments& arguments) {
  service::LabelRequest out;
  if (const auto mode = arguments.value("labels")) {
    out.mode = protocol::label_mode_from(*mode);
  }
  if (const auto text = arguments.value("label-bytes")) {
    std::uint16_t bytes = 0;
    const char* const end = text->data() + text->size();
    const auto [rest, error] = std::from_chars(text->data(), end, bytes);
    if (error != std::errc() || rest != end) {
      return bad_input("usage.label-bytes", "--label-bytes cannot be '" + *text + "'",
                       "it is a number from 2 to 512");
    }
    out.label_bytes = bytes;
  }
  out.label_template = arguments.value("label-template");
  return out;
}

std::string receipt_of_destruction(const EpochId& epoch) {
  return "epoch " + epoch.hex() +
         ": key, slot, directories and patches are removed from the live system; the operator declares that "
         "no "
         "copy exists";
}

Result<ExitCode> run_publish(const Arguments& arguments) {
  const auto report = publish_and_report(arguments, service::Rotation::kWhenDue);
  return report ? Result<ExitCode>(ExitCode::kDone) : tl::unexpected<Error>(report.error());
}

Result<service::PublishReport> publish_and_report(const Arguments& arguments, service::Rotation rotation) {
  const auto labels = labels_from(arguments);
  if (!labels) {
    return tl::unexpected<Error>(labels.error());
  }
  PhasedProgress bars;
  auto folder = service::OperatorFolder::open(arguments.required("data"),
                                              [&bars, source = passphrase_source(arguments, Asking::kOnce)] {
                                                bars.end();
                                                return source();
                                              });
  if (!folder) {
    return failed(folder);
  }
  const service::SourceRequest request = source_request_from(arguments);
  const std::string name = service::name_of_source(request.source);
  const auto source = service::open_subscriber_source(request);
  if (!source) {
    return tl::unexpected<Error>(source.error());
  }
  std::vector<service::RejectedRow> rejected;
  const service::PublishOptions options{
      .region = arguments.value("region"),
      .strict = arguments.has("strict"),
      .allow_shrink = arguments.has("allow-shrink"),
      .labels = *labels,
      .rotation = rotation,
      .now = now(),
      .clock_confirmed = arguments.has("confirm-clock"),
      .progress =
          [&bars](service::PublishPhase phase, std::uint64_t done, std::uint64_t total) {
            if (phase == service::PublishPhase::kReading) {
              bars.show("reading", "bytes", done, total);
            } else {
              bars.show("evaluating", "rows", done, total);
            }
          },
      .on_rejected =
          [&](std::span<const service::RejectedRow> rows) {
            bars.end();
            rejected.assign(rows.begin(), rows.end());
            report_rejected(name, rows);
          },
      .on_ended =
          [&bars](std::span<const EpochId> ended) {
            bars.end();
            for (const EpochId& epoch : ended) {
              note(receipt_of_destruction(epoch));
            }
          }};
  service::WorkerPool pool(0, 1);
  SystemRandom random;
  auto report = service::publish(*folder, **source, options, pool, random);
  if (!report) {
    return report;
  }
  bars.end();
  for (const std::string& notice : report->notices) {
    note(notice);
  }
  const bool as_json = arguments.value("format") == "json";
  Facts summary = summary_of(*report, rejected, options.now, as_json);
  add_model(summary, *folder, *report, options.now);
  print(as_json ? summary.json("blindbook.publish/1") : summary.text());
  return report;
}

}  // namespace blindbook::cli
