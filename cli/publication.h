#pragma once

#include <string>

#include "blindbook/base/error.h"
#include "blindbook/base/types.h"
#include "blindbook/service/epoch_life.h"
#include "blindbook/service/label_settings.h"
#include "blindbook/service/publisher.h"

#include "cli/common/arguments.h"

/// What `blindbook publish` and `blindbook epoch` share.
namespace blindbook::cli {

/// --labels, --label-bytes and --label-template. BadInput "usage.label-bytes".
[[nodiscard]] Result<service::LabelRequest> labels_from(const Arguments& arguments);

/// Publishes what the options of publish say, and prints the summary. Errors of service::publish(), and of the
/// options.
[[nodiscard]] Result<service::PublishReport> publish_and_report(const Arguments& arguments,
                                                                service::Rotation rotation);

/// What an operator is given once an epoch is destroyed. Never "destroyed" alone: no program can know of a copy
/// that was made before.
[[nodiscard]] std::string receipt_of_destruction(const EpochId& epoch);

}  // namespace blindbook::cli
