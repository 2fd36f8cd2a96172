#include "blindbook/service/watch/metric_family.h"

#include <algorithm>
#include <string>

namespace blindbook::service {
namespace {

/// As Prometheus writes the bound of a bucket, "0.005".
std::string bound_text(int milliseconds) {
  std::string digits = std::to_string(milliseconds % 1'000 + 1'000).substr(1);
  while (!digits.empty() && digits.back() == '0') {
    digits.pop_back();
  }
  const std::string whole = std::to_string(milliseconds / 1'000);
  return digits.empty() ? whole : whole + "." + digits;
}

}  // namespace

std::size_t ClosedLabel::index_of(std::string_view value) const noexcept {
  const auto found = std::find(values.begin(), values.end(), value);
  return found == values.end() ? values.size() - 1
                               : static_cast<std::size_t>(std::distance(values.begin(), found));
}

CounterFamily::CounterFamily(std::string_view name, std::string_view help, ClosedLabel label)
    : name_(name), help_(help), label_(label), counts_(label.values.size()) {}

void CounterFamily::add(std::string_view value, std::uint64_t amount) noexcept {
  counts_[label_.index_of(value)].fetch_add(amount, std::memory_order_relaxed);
}

void CounterFamily::write(PrometheusText& out) const {
  out.family(name_, "counter", help_);
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    out.sample(name_, {{label_.name, label_.values[i]}}, counts_[i].load(std::memory_order_relaxed));
  }
}

CounterTable::CounterTable(std::string_view name, std::string_view help, ClosedLabel row, ClosedLabel column)
    : name_(name),
      help_(help),
      row_(row),
      column_(column),
      counts_(row.values.size() * column.values.size()) {}

void CounterTable::add(std::string_view row, std::string_view column) noexcept {
  const std::size_t at = row_.index_of(row) * column_.values.size() + column_.index_of(column);
  counts_[at].fetch_add(1, std::memory_order_relaxed);
}

void CounterTable::write(PrometheusText& out) const {
  out.family(name_, "counter", help_);
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (const std::uint64_t count = counts_[i].load(std::memory_order_relaxed); count > 0) {
      out.sample(name_,
                 {{row_.name, row_.values[i / column_.values.size()]},
                  {column_.name, column_.values[i % column_.values.size()]}},
                 count);
    }
  }
}

DurationHistogram::DurationHistogram(std::string_view name, std::string_view help, ClosedLabel label)
    : name_(name), help_(help), label_(label), series_(label.values.size()) {}

void DurationHistogram::observe(std::string_view value, std::chrono::nanoseconds took) noexcept {
  Series& series = series_[label_.index_of(value)];
  const auto bound = std::find_if(kBoundsMs.begin(), kBoundsMs.end(),
                                  [took](int ms) { return took <= std::chrono::milliseconds(ms); });
  const auto bucket = static_cast<std::size_t>(std::distance(kBoundsMs.begin(), bound));
  series.nanoseconds.fetch_add(static_cast<std::uint64_t>(std::max<std::int64_t>(0, took.count())),
                               std::memory_order_relaxed);
  series.buckets[bucket].fetch_add(1, std::memory_order_relaxed);
}

void DurationHistogram::write(PrometheusText& out) const {
  out.family(name_, "histogram", help_);
  const std::string bucket_name = std::string(name_) + "_bucket";
  const std::string sum_name = std::string(name_) + "_sum";
  const std::string count_name = std::string(name_) + "_count";
  for (std::size_t i = 0; i < series_.size(); ++i) {
    // Read once, and counted from what was read, so that the lines agree whatever is observed meanwhile.
    std::array<std::uint64_t, kBoundsMs.size() + 1> buckets{};
    std::uint64_t count = 0;
    for (std::size_t b = 0; b < buckets.size(); ++b) {
      count += series_[i].buckets[b].load(std::memory_order_relaxed);
      buckets[b] = count;
    }
    if (count == 0) {
      continue;
    }
    const std::string_view value = label_.values[i];
    for (std::size_t b = 0; b < kBoundsMs.size(); ++b) {
      out.sample(bucket_name, {{label_.name, value}, {"le", bound_text(kBoundsMs[b])}}, buckets[b]);
    }
    out.sample(bucket_name, {{label_.name, value}, {"le", "+Inf"}}, count);
    const auto nanoseconds = static_cast<double>(series_[i].nanoseconds.load(std::memory_order_relaxed));
    out.sample(sum_name, {{label_.name, value}}, nanoseconds / 1e9);
    out.sample(count_name, {{label_.name, value}}, count);
  }
}

}  // namespace blindbook::service
