#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace blindbook::service {

/// Writes metrics in the text format of Prometheus, version 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format).
class PrometheusText {
 public:
  static constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8";

  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  /// Begins a family; its samples follow before the next begins. `type` is "counter", "gauge" or "histogram"; `help` has
  /// no line break.
  void family(std::string_view name, std::string_view type, std::string_view help);
  /// One line. Values of labels may hold anything; names are as Prometheus wants them.
  /// @{
  void sample(std::string_view name, Labels labels, std::uint64_t value);
  void sample(std::string_view name, Labels labels, double value);
  /// @}

  /// A gauge without labels, with its family.
  template <class Number>
  void gauge(std::string_view name, std::string_view help, Number value) {
    family(name, "gauge", help);
    sample(name, {}, value);
  }

  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  void name_and_labels(std::string_view name, Labels labels);

  std::string text_;
};

}  // namespace blindbook::service
