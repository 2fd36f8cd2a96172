#include "cli/common/html.h"

#include <algorithm>

#include "blindbook/base/printable.h"

namespace blindbook::cli::html {

std::string fill(std::string_view pattern, Values values) {
  std::string out;
  while (!pattern.empty()) {
    const std::size_t open = pattern.find('{');
    out += pattern.substr(0, open);
    if (open == std::string_view::npos) {
      break;
    }
    const std::size_t close = pattern.find('}', open);
    const std::string_view wanted = pattern.substr(open + 1, close - open - 1);
    const auto* const found =
        std::find_if(values.begin(), values.end(), [&](const auto& value) { return value.first == wanted; });
    out += found == values.end() ? "" : found->second;
    pattern.remove_prefix(close + 1);
  }
  return out;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string element(std::string_view tag, std::string_view content) {
  return std::string("<").append(tag).append(">").append(content).append("</").append(
             tag.substr(0, tag.find(' '))) +
         ">";
}

std::string foreign(std::string_view text) {
  return element("bdi", escaped(text));
}

std::string code(std::string_view text) {
  return element("code", escaped(text));
}

std::string row(std::initializer_list<std::string> cells) {
  std::string out;
  for (const std::string& cell : cells) {
    out += cell;
  }
  return element("tr", out) + "\n";
}

std::string heading(std::string_view text, std::string_view style) {
  return element("th scope=\"col\"" + std::string(style.empty() ? "" : " class=\"") + std::string(style) +
                     (style.empty() ? "" : "\""),
                 text);
}

std::string cell(std::string_view text) {
  return element("td", text);
}

std::string number(std::string_view text) {
  return element("td class=\"number\"", text);
}

std::string row_heading(std::string_view text) {
  return element("th scope=\"row\"", text);
}

std::string table(std::string_view label, std::string_view head, std::string_view body) {
  return element(
             "div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"" + std::string(label) + "\"",
             element("table", "\n" + element("thead", head) + "\n" +
                                  element("tbody", "\n" + std::string(body)) + "\n")) +
         "\n";
}

}  // namespace blindbook::cli::html
