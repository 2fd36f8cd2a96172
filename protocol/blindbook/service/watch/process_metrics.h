#pragma once

#include "blindbook/service/watch/prometheus_text.h"

namespace blindbook::service {

/// Memory, CPU time, descriptors and start of this process, under the names that every exporter of Prometheus uses
/// (https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics). What the system does not tell is left out.
void write_process_metrics(PrometheusText& out);

}  // namespace blindbook::service
