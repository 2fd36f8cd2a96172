#include "blindbook/service/watch/served_metrics.h"

#include <algorithm>
#include <cstdint>

namespace blindbook::service {

void write_served_metrics(const ServedSet& set, UnixTime now, PrometheusText& out) {
  const protocol::Announcement& announced = set.announcement();
  out.gauge("blindbook_announcement_seq", "Number of the announcement that is served.", announced.seq);
  out.gauge("blindbook_announcement_issued_timestamp_seconds", "When it was issued.",
            announced.issued_at.value());
  out.gauge("blindbook_announcement_valid_until_timestamp_seconds", "When clients begin to refuse it.",
            announced.valid_until.value());
  out.gauge("blindbook_next_publication_timestamp_seconds", "When the next publication is announced for.",
            announced.next_publication.value());
  out.gauge("blindbook_certificate_not_after_timestamp_seconds",
            "When the certificate of the announcement key ends.", set.opened().certificate.not_after.value());
  std::uint64_t living = 0;
  std::uint64_t entries = 0;
  UnixTime end;
  for (const protocol::AnnouncedEpoch& epoch : announced.epochs) {
    end = std::max(end, epoch.not_after);
    if (epoch.is_live(now) && epoch.edition != Edition(0)) {
      ++living;
      entries = epoch.entries;  // of the newest: they stand in the order of their beginning
    }
  }
  out.gauge("blindbook_epochs_live", "Epochs that live and have a directory.", living);
  out.gauge("blindbook_epoch_end_timestamp_seconds", "When the last of the announced epochs ends.",
            end.value());
  out.gauge("blindbook_directory_entries", "Entries of the newest directory that lives.", entries);
}

}  // namespace blindbook::service
