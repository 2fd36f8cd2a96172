#include "blindbook/contact/content_line.h"

#include <algorithm>

#include "blindbook/contact/ascii.h"

namespace blindbook::contact {
namespace {

bool is_fold(char c) {
  return c == ' ' || c == '\t';
}

void append_bounded(std::string& out, std::string_view text) {
  out.append(text.substr(0, kMaxContentLine - std::min(out.size(), kMaxContentLine)));
}

/// Calls `use` with each piece of `text` between separators that do not stand inside quotes.
template <class Use>
void for_each_piece(std::string_view text, char separator, Use use) {
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      quoted = !quoted;
    } else if (text[i] == separator && !quoted) {
      use(text.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  use(text.substr(begin));
}

std::string_view unquoted(std::string_view text) {
  text = trimmed(text);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    return text.substr(1, text.size() - 2);
  }
  return text;
}

bool lists_type(std::string_view types, std::string_view type) {
  bool found = false;
  for_each_piece(types, ',', [&](std::string_view one) {
    // RFC 6350 writes several types as one quoted list too: TYPE="voice,fax".
    for_each_piece(unquoted(one), ',',
                   [&](std::string_view inner) { found |= equals_ignoring_case(trimmed(inner), type); });
  });
  return found;
}

}  // namespace

LineUnfolder::PhysicalLine LineUnfolder::take_line() {
  const auto found = std::find_if(rest_.begin(), rest_.end(), [](char c) { return c == '\r' || c == '\n'; });
  const auto end = static_cast<std::size_t>(found - rest_.begin());
  if (end == rest_.size()) {
    const PhysicalLine out{rest_, false};
    rest_ = {};
    return out;
  }
  const PhysicalLine out{rest_.substr(0, end), true};
  rest_.remove_prefix(rest_.substr(end).starts_with("\r\n") ? end + 2 : end + 1);
  ++line_;
  return out;
}

void LineUnfolder::skip_empty_lines() {
  while (!rest_.empty() && (rest_.front() == '\r' || rest_.front() == '\n')) {
    static_cast<void>(take_line());
  }
}

bool LineUnfolder::next(UnfoldedLine& out) {
  skip_empty_lines();
  if (rest_.empty()) {
    return false;
  }
  out.line = line_;
  PhysicalLine physical = take_line();
  out.text.clear();
  append_bounded(out.text, physical.text);
  // Files that end their lines in CR CR LF have an empty line before each continuation.
  skip_empty_lines();
  while (!rest_.empty() && is_fold(rest_.front())) {
    physical = take_line();
    append_bounded(out.text, physical.text.substr(1));
    skip_empty_lines();
  }
  out.terminated = physical.terminated;
  return true;
}

std::optional<ContentLine> parse_content_line(std::string_view line) {
  bool quoted = false;
  std::size_t colon = std::string_view::npos;
  std::size_t semicolon = std::string_view::npos;
  for (std::size_t i = 0; i < line.size() && colon == std::string_view::npos; ++i) {
    if (line[i] == '"') {
      quoted = !quoted;
    } else if (line[i] == ';' && !quoted && semicolon == std::string_view::npos) {
      semicolon = i;
    } else if (line[i] == ':' && !quoted) {
      colon = i;
    }
  }
  if (colon == std::string_view::npos) {
    colon = line.find(':');  // a quote that is never closed
    if (colon == std::string_view::npos) {
      return std::nullopt;
    }
  }
  const std::size_t name_end = std::min(semicolon, colon);
  ContentLine out{line.substr(0, name_end), {}, line.substr(colon + 1)};
  if (name_end < colon) {
    out.parameters = line.substr(name_end + 1, colon - name_end - 1);
  }
  if (const std::size_t dot = out.name.rfind('.'); dot != std::string_view::npos) {
    out.name.remove_prefix(dot + 1);
  }
  out.name = trimmed(out.name);
  return out;
}

bool has_type(std::string_view parameters, std::string_view type) {
  bool found = false;
  for_each_piece(parameters, ';', [&](std::string_view parameter) {
    const std::size_t equals = parameter.find('=');
    if (equals == std::string_view::npos) {
      found |= equals_ignoring_case(trimmed(parameter), type);
    } else if (equals_ignoring_case(trimmed(parameter.substr(0, equals)), "TYPE")) {
      found |= lists_type(parameter.substr(equals + 1), type);
    }
  });
  return found;
}

}  // namespace blindbook::contact
