#pragma once

#include <memory>
#include <string>

#include "blindbook/base/error.h"
#include "blindbook/service/sources/row_text.h"
#include "blindbook/service/subscriber_source.h"

namespace blindbook::service {

/// CSV (RFC 4180, but every row is one line: a quote that is not closed ends with it, so that it cannot swallow other
/// rows) with a header that names the columns `number`, `label` and `discoverable`, in any order and among others. `name`
/// is "-" for the standard input. BadInput "file.open". Its next() gives BadInput "source.header" when a column is missing
/// or named twice, and Unavailable "file.read".
[[nodiscard]] Result<std::unique_ptr<SubscriberSource>> open_csv_source(const std::string& name,
                                                                        DiscoverableColumn discoverable);

}  // namespace blindbook::service
