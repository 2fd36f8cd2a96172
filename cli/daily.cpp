// The publications of `blindbook serve --publish-at`.

#include "cli/daily.h"

#include <string>
#include <utility>

#include "blindbook/service/sources/open.h"

#include "cli/publication.h"
#include "cli/subscriber_options.h"

namespace blindbook::cli {

Result<std::unique_ptr<service::DailyPublication>> daily_publication_from(
    const Arguments& arguments, service::PassphraseSource passphrase, service::EventSink events,
    RandomSource& random) {
  const auto at = arguments.value("publish-at");
  const auto list = arguments.value("subscribers");
  if (!at) {
    for (const char* option : {"subscribers", "query", "preset", "xmpp-host", "opt-in-list", "opt-in-query",
                               "region", "strict", "labels", "label-bytes", "label-template"}) {
      if (arguments.has(option)) {
        return bad_input("usage.publish-at", "--" + std::string(option) + " says what --publish-at publishes",
                         "give --publish-at HH:MM too, or leave it out and run blindbook publish");
      }
    }
    return nullptr;
  }
  const auto hour = service::PublicationHour::parse(*at);
  if (!hour) {
    return bad_input("usage.publish-at", "--publish-at cannot be '" + *at + "'",
                     "it is a time of day in UTC, such as 03:00");
  }
  if (!list || *list == "-" || list->ends_with(":-")) {
    return bad_input("usage.publish-at", "--publish-at needs a list that can be read again every day",
                     "give --subscribers SRC, and not -");
  }
  const auto labels = labels_from(arguments);
  if (!labels) {
    return tl::unexpected<Error>(labels.error());
  }
  return std::make_unique<service::DailyPublication>(
      service::DailyPublication::Settings{
          .folder = arguments.required("data"),
          .passphrase = std::move(passphrase),
          .source = [request =
                         source_request_from(arguments)] { return service::open_subscriber_source(request); },
          .hour = *hour,
          .region = arguments.value("region"),
          .strict = arguments.has("strict"),
          .labels = *labels},
      std::move(events), random);
}

}  // namespace blindbook::cli
