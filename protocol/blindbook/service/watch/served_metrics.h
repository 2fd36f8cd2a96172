#pragma once

#include "blindbook/base/types.h"
#include "blindbook/service/served_set.h"
#include "blindbook/service/watch/prometheus_text.h"

namespace blindbook::service {

/// What a worker serves: its announcement, its epochs and when each of these ends. All of it is public.
void write_served_metrics(const ServedSet& set, UnixTime now, PrometheusText& out);

}  // namespace blindbook::service
