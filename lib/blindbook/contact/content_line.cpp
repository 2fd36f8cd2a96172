#include "blindbook/contact/content_line.h"

#include <algorithm>

#include "blindbook/contact/ascii.h"
#include "blindbook/contact/quoted_printable.h"

namespace blindbook::contact {
namespace {

bool is_fold(char c) {
  return c == ' ' || c == '\t';
}

void append_bounded(std::string& out, std::string_view text) {
  out.append(text.substr(0, kMaxContentLine - std::min(out.size(), kMaxContentLine)));
}

/// Calls `use` with each piece of `text` between separators that do not stand inside quotes. A quote that is
/// never closed is a character like any other.
template <class Use>
void for_each_piece(std::string_view text, char separator, Use use) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      const std::size_t closing = text.find('"', i + 1);  // looked for in vain once: then there is no other
      i = closing == std::string_view::npos ? i : closing;
    } else if (text[i] == separator) {
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

/// Calls `use` with the name and the value of each parameter; the name of a bare one (vCard 2.1) is empty.
template <class Use>
void for_each_parameter(std::string_view parameters, Use use) {
  for_each_piece(parameters, ';', [&](std::string_view parameter) {
    const std::size_t equals = parameter.find('=');
    if (equals == std::string_view::npos) {
      use(std::string_view(), trimmed(parameter));
    } else {
      use(trimmed(parameter.substr(0, equals)), trimmed(parameter.substr(equals + 1)));
    }
  });
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

/// Finds out whether a line that arrives in pieces is quoted-printable. Looks at each byte once, however many
/// pieces there are.
class EncodingWatch {
 public:
  /// `line` is what has arrived so far.
  bool says_quoted_printable(std::string_view line) {
    for (; !ended_ && seen_ < line.size(); ++seen_) {
      if (line[seen_] == '"') {
        quoted_ = !quoted_;
      } else if (line[seen_] == ':') {
        ended_ = !quoted_;
        if (ended_ || !in_quote_) {
          (ended_ ? outside_ : in_quote_) = header_says_so(line.substr(0, seen_));
        }
      }
    }
    // A quote that is not closed so far may never be: as in parse_content_line(), the first colon counts then.
    return ended_ ? *outside_ : quoted_ && in_quote_.value_or(false);
  }

 private:
  static bool header_says_so(std::string_view header) {
    const std::size_t semicolon = header.find(';');
    return semicolon != std::string_view::npos && is_quoted_printable(header.substr(semicolon + 1));
  }

  std::size_t seen_ = 0;
  bool quoted_ = false;
  bool ended_ = false;            // a colon outside quotes was met
  std::optional<bool> outside_;   // what stands before that colon
  std::optional<bool> in_quote_;  // what stands before the first colon, which is inside quotes
};

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
  const bool is_pair = rest_.substr(end).starts_with("\r\n");
  after_lone_cr_ = !is_pair && rest_[end] == '\r';
  rest_.remove_prefix(is_pair ? end + 2 : end + 1);
  ++line_;
  return out;
}

void LineUnfolder::skip_empty_lines() {
  while (!rest_.empty() && (rest_.front() == '\r' || rest_.front() == '\n')) {
    static_cast<void>(take_line());
  }
}

/// Files that end their lines in CR CR LF have an empty line behind each line.
void LineUnfolder::skip_rest_of_line_end() {
  if (after_lone_cr_ && rest_.starts_with("\r\n")) {
    static_cast<void>(take_line());
  }
}

bool LineUnfolder::at_card_edge() const {
  return starts_with_ignoring_case(rest_, "END:VCARD") || starts_with_ignoring_case(rest_, "BEGIN:VCARD");
}

bool LineUnfolder::next(UnfoldedLine& out) {
  skip_empty_lines();
  if (rest_.empty()) {
    return false;
  }
  out.line = line_;
  out.text.clear();
  EncodingWatch encoding;
  PhysicalLine physical = take_line();
  for (;;) {
    const std::size_t kept = out.text.size();
    append_bounded(out.text, physical.text);
    const auto before = breaks_ == LineBreaks::kFolds ? std::nullopt : before_soft_break(physical.text);
    if (before && encoding.says_quoted_printable(out.text)) {
      out.text.resize(std::min(out.text.size(), kept + before->size()));
      skip_rest_of_line_end();
      if (rest_.empty()) {
        out.terminated = false;
        return true;
      }
      if (at_card_edge()) {
        break;
      }
      physical = take_line();
      continue;
    }
    skip_empty_lines();
    if (rest_.empty() || !is_fold(rest_.front())) {
      break;
    }
    physical = take_line();
    physical.text.remove_prefix(1);
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
  ContentLine out{{}, line.substr(0, name_end), {}, line.substr(colon + 1)};
  if (name_end < colon) {
    out.parameters = line.substr(name_end + 1, colon - name_end - 1);
  }
  if (const std::size_t dot = out.name.rfind('.'); dot != std::string_view::npos) {
    out.group = trimmed(out.name.substr(0, dot));
    out.name.remove_prefix(dot + 1);
  }
  out.name = trimmed(out.name);
  return out;
}

bool has_type(std::string_view parameters, std::string_view type) {
  bool found = false;
  for_each_parameter(parameters, [&](std::string_view name, std::string_view value) {
    if (name.empty()) {
      found |= equals_ignoring_case(value, type);
    } else if (equals_ignoring_case(name, "TYPE")) {
      found |= lists_type(value, type);
    }
  });
  return found;
}

bool is_quoted_printable(std::string_view parameters) {
  bool found = false;
  for_each_parameter(parameters, [&](std::string_view name, std::string_view value) {
    found |= (name.empty() || equals_ignoring_case(name, "ENCODING")) &&
             equals_ignoring_case(unquoted(value), "QUOTED-PRINTABLE");
  });
  return found;
}

std::string_view charset_parameter(std::string_view parameters) {
  std::string_view found;
  for_each_parameter(parameters, [&](std::string_view name, std::string_view value) {
    if (equals_ignoring_case(name, "CHARSET")) {
      found = unquoted(value);
    }
  });
  return found;
}

}  // namespace blindbook::contact
