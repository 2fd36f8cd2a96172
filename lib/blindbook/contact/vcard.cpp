#include "blindbook/contact/vcard.h"

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "blindbook/base/utf8.h"
#include "blindbook/contact/ascii.h"
#include "blindbook/contact/content_line.h"
#include "blindbook/contact/reject_reason.h"

namespace blindbook::contact {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kBegin = "BEGIN:VCARD";
constexpr std::string_view kCard = "VCARD";

/// What a backslash and `c` stand for (RFC 6350 section 3.4). A line break becomes a space: names and numbers
/// are one line here.
char unescaped(char c) {
  return c == 'n' || c == 'N' ? ' ' : c;
}

std::string text_value(std::string_view value) {
  std::string out;
  out.reserve(value.size());
  for (std::size_t i = 0; i < value.size(); ++i) {
    out.push_back(value[i] == '\\' && i + 1 < value.size() ? unescaped(value[++i]) : value[i]);
  }
  return repaired_utf8(trimmed(out));
}

/// N: family; given; additional; prefixes; suffixes (RFC 6350 section 6.2.2), in the order they are spoken. A
/// component may be a list with commas.
std::string joined_name(std::string_view value) {
  std::array<std::string, 5> components;
  std::size_t current = 0;
  for (std::size_t i = 0; i < value.size() && current < components.size(); ++i) {
    if (value[i] == ';') {
      ++current;
    } else if (value[i] == '\\' && i + 1 < value.size()) {
      components[current].push_back(unescaped(value[++i]));
    } else {
      components[current].push_back(value[i] == ',' ? ' ' : value[i]);
    }
  }
  constexpr std::array<std::size_t, 5> kSpoken = {3, 1, 2, 0, 4};
  std::string out;
  for (const std::size_t index : kSpoken) {
    const std::string_view part = trimmed(components[index]);
    if (!part.empty()) {
      out.append(out.empty() ? "" : " ").append(part);
    }
  }
  return repaired_utf8(out);
}

class CardReader {
 public:
  CardReader(std::string_view source, const ReadOptions& options) : source_(source), options_(options) {}

  void take(const UnfoldedLine& line) {
    ended_in_number_ = false;
    std::string_view text = line.text;
    if (text.starts_with(kByteOrderMark)) {
      text.remove_prefix(kByteOrderMark.size());  // files joined end to end
    }
    const std::optional<ContentLine> content = parse_content_line(text);
    if (!content) {
      return;
    }
    if (equals_ignoring_case(content->name, "BEGIN")) {
      if (starts_with_ignoring_case(trimmed(content->value), kCard)) {
        begin_card(line.line);
      }
    } else if (equals_ignoring_case(content->name, "END")) {
      end_line(trimmed(content->value), line.line);
    } else if (in_card_) {
      property(*content, line);
    }
  }

  AddressBook finish() && {
    if (in_card_ && ended_in_number_) {
      RawNumber& cut = card_.numbers.back();
      book_.rejects.push_back(make_reject(source_, cut.line, cut.value, RejectReason::kTruncated));
      card_.numbers.pop_back();
    }
    end_card();
    return std::move(book_);
  }

 private:
  void begin_card(std::size_t line) {
    end_card();
    in_card_ = true;
    card_.line = line;
  }

  void end_card() {
    if (in_card_) {
      if (card_.name.empty()) {
        card_.name = std::move(joined_name_);
      }
      book_.contacts.push_back(std::move(card_));
    }
    in_card_ = false;
    card_ = {};
    joined_name_.clear();
  }

  void end_line(std::string_view value, std::size_t line) {
    if (!starts_with_ignoring_case(value, kCard)) {
      return;
    }
    end_card();
    // Some exports forget the line end: END:VCARDBEGIN:VCARD.
    if (starts_with_ignoring_case(trimmed(value.substr(kCard.size())), kBegin)) {
      begin_card(line);
    }
  }

  void property(const ContentLine& content, const UnfoldedLine& line) {
    if (equals_ignoring_case(content.name, "TEL")) {
      telephone(content, line);
    } else if (equals_ignoring_case(content.name, "FN")) {
      if (card_.name.empty()) {
        card_.name = text_value(content.value);
      }
    } else if (equals_ignoring_case(content.name, "N")) {
      if (joined_name_.empty()) {
        joined_name_ = joined_name(content.value);
      }
    }
  }

  void telephone(const ContentLine& content, const UnfoldedLine& line) {
    std::string value = text_value(content.value);
    if (value.empty()) {
      return;
    }
    if (!options_.include_fax_and_pager &&
        (has_type(content.parameters, "FAX") || has_type(content.parameters, "PAGER"))) {
      book_.rejects.push_back(make_reject(source_, line.line, value, RejectReason::kFaxOrPager));
      return;
    }
    card_.numbers.push_back({std::move(value), line.line});
    ended_in_number_ = !line.terminated;
  }

  std::string_view source_;
  ReadOptions options_;
  AddressBook book_;
  bool in_card_ = false;
  bool ended_in_number_ = false;  // the line read last is a number and lacks its line end
  Contact card_{};
  std::string joined_name_;
};

}  // namespace

bool is_vcard(std::string_view text) noexcept {
  if (text.starts_with(kByteOrderMark)) {
    text.remove_prefix(kByteOrderMark.size());
  }
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && starts_with_ignoring_case(text.substr(first), kBegin);
}

AddressBook read_vcard(std::string_view text, std::string_view source, const ReadOptions& options) {
  CardReader reader(source, options);
  LineUnfolder lines(text);
  for (UnfoldedLine line; lines.next(line);) {
    reader.take(line);
  }
  return std::move(reader).finish();
}

}  // namespace blindbook::contact
