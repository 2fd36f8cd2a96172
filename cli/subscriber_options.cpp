#include "cli/subscriber_options.h"

#include <string>

namespace blindbook::cli {

service::SourceRequest source_request_from(const Arguments& arguments) {
  service::SourceRequest out{.source = arguments.required("subscribers")};
  out.query = arguments.value("query");
  if (const std::optional<std::string> preset = arguments.value("preset")) {
    out.preset = service::source_preset_from(*preset);  // one of the words of the option table
  }
  out.xmpp_host = arguments.value("xmpp-host");
  out.opt_in_list = arguments.value("opt-in-list");
  out.opt_in_query = arguments.value("opt-in-query");
  return out;
}

}  // namespace blindbook::cli
