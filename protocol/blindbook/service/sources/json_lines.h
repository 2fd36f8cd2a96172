#pragma once

#include <memory>
#include <string>

#include "blindbook/base/error.h"
#include "blindbook/service/sources/row_text.h"
#include "blindbook/service/subscriber_source.h"

namespace blindbook::service {

/// One JSON object a line, with members `number`, `label` and `discoverable` among others; `discoverable` may also be true,
/// false, 1 and 0. `name` is "-" for the standard input. BadInput "file.open"; its next() gives Unavailable "file.read".
[[nodiscard]] Result<std::unique_ptr<SubscriberSource>> open_json_lines_source(
    const std::string& name, DiscoverableColumn discoverable);

}  // namespace blindbook::service
