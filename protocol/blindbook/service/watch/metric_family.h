#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "blindbook/service/watch/prometheus_text.h"

/// What is counted. Every value that a label can have is written down in this program: nothing that comes from a request,
/// such as an account, can become one, and a scrape has a bounded size whatever is asked.
namespace blindbook::service {

/// A label with its values, of static life. What is none of them counts as the last, "other".
struct ClosedLabel {
  std::string_view name;
  std::span<const std::string_view> values;

  [[nodiscard]] std::size_t index_of(std::string_view value) const noexcept;
};

/// Counters that differ in one label. Thread-safe.
class CounterFamily {
 public:
  /// `name` ends in "_total"; the texts are of static life.
  CounterFamily(std::string_view name, std::string_view help, ClosedLabel label);

  void add(std::string_view value, std::uint64_t amount = 1) noexcept;
  /// One line for each value, also where nothing was counted: a rate needs a beginning.
  void write(PrometheusText& out) const;

 private:
  std::string_view name_;
  std::string_view help_;
  ClosedLabel label_;
  std::vector<std::atomic<std::uint64_t>> counts_;
};

/// Counters that differ in two labels. Thread-safe.
class CounterTable {
 public:
  CounterTable(std::string_view name, std::string_view help, ClosedLabel row, ClosedLabel column);

  void add(std::string_view row, std::string_view column) noexcept;
  /// One line for each pair that was counted.
  void write(PrometheusText& out) const;

 private:
  std::string_view name_;
  std::string_view help_;
  ClosedLabel row_;
  ClosedLabel column_;
  std::vector<std::atomic<std::uint64_t>> counts_;
};

/// How long something took, in buckets from 5 ms to 10 s. Thread-safe.
class DurationHistogram {
 public:
  /// `name` ends in "_seconds".
  DurationHistogram(std::string_view name, std::string_view help, ClosedLabel label);

  void observe(std::string_view value, std::chrono::nanoseconds took) noexcept;
  /// Nothing of values that were never observed.
  void write(PrometheusText& out) const;

 private:
  static constexpr std::array kBoundsMs{5, 10, 25, 50, 100, 250, 500, 1'000, 2'500, 5'000, 10'000};
  struct Series {
    std::array<std::atomic<std::uint64_t>, kBoundsMs.size() + 1> buckets{};  // the last: longer
    std::atomic<std::uint64_t> nanoseconds{0};
  };

  std::string_view name_;
  std::string_view help_;
  ClosedLabel label_;
  std::vector<Series> series_;
};

}  // namespace blindbook::service
