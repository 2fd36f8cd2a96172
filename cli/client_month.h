#pragma once

#include "blindbook/base/types.h"
#include "blindbook/protocol/announcement.h"
#include "blindbook/service/operator_folder.h"

#include "cli/common/facts.h"

namespace blindbook::cli {

/// Adds what an average client of this directory moves in a month: under its label mode, as "client_bytes_a_month", and
/// under each ("client_month"). The churn is that of the oldest patch which is served, divided by the editions it spans;
/// where there is none, half a percent that joins and a tenth that leaves are assumed, and called so.
void add_client_month(Facts& facts, const service::OperatorFolder& folder,
                      const protocol::AnnouncedEpoch& epoch);

}  // namespace blindbook::cli
