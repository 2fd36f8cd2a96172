#pragma once

#include "blindbook/service/sources/open.h"

#include "cli/common/arguments.h"

namespace blindbook::cli {

/// What --subscribers, --query, --preset, --xmpp-host, --opt-in-list and --opt-in-query say. Whether it fits together,
/// open_subscriber_source() knows.
[[nodiscard]] service::SourceRequest source_request_from(const Arguments& arguments);

}  // namespace blindbook::cli
