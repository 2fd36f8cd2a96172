#include "blindbook/service/watch/prometheus_text.h"

#include <array>
#include <charconv>

namespace blindbook::service {
namespace {

template <class Number>
void append_number(std::string& out, Number value) {
  std::array<char, 32> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), error == std::errc() ? end : digits.data());
}

}  // namespace

void PrometheusText::family(std::string_view name, std::string_view type, std::string_view help) {
  text_.append("# HELP ").append(name).append(" ").append(help).append("\n");
  text_.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

void PrometheusText::sample(std::string_view name, Labels labels, std::uint64_t value) {
  name_and_labels(name, labels);
  append_number(text_, value);
  text_.push_back('\n');
}

void PrometheusText::sample(std::string_view name, Labels labels, double value) {
  name_and_labels(name, labels);
  append_number(text_, value);
  text_.push_back('\n');
}

void PrometheusText::name_and_labels(std::string_view name, Labels labels) {
  text_.append(name);
  char before = '{';
  for (const auto& [label, value] : labels) {
    text_.push_back(before);
    text_.append(label).append("=\"");
    for (const char c : value) {
      if (c == '\n') {
        text_.append("\\n");
        continue;
      }
      if (c == '\\' || c == '"') {
        text_.push_back('\\');
      }
      text_.push_back(c);
    }
    text_.push_back('"');
    before = ',';
  }
  text_.append(labels.size() == 0 ? " " : "} ");
}

}  // namespace blindbook::service
