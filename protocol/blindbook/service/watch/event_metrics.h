#pragma once

#include "blindbook/service/event.h"
#include "blindbook/service/watch/metric_family.h"

namespace blindbook::service {

/// Counts events. It sees nothing else, so that metrics cannot tell more than the log does. Thread-safe.
class EventMetrics {
 public:
  EventMetrics();

  /// "request" counts by route, status and problem, and its milliseconds; every other event by its name.
  void count(const Event& event) noexcept;
  void write(PrometheusText& out) const;

 private:
  CounterTable requests_;
  CounterFamily problems_;
  DurationHistogram durations_;
  CounterFamily events_;
};

}  // namespace blindbook::service
