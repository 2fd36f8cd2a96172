#include "blindbook/contact/vcard.h"

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "blindbook/contact/address_book_builder.h"
#include "blindbook/contact/ascii.h"
#include "blindbook/contact/content_line.h"
#include "blindbook/contact/number_kind.h"
#include "blindbook/contact/quoted_printable.h"
#include "blindbook/contact/text_encoding.h"

namespace blindbook::contact {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kBegin = "BEGIN:VCARD";
constexpr std::string_view kCard = "VCARD";

/// How many agents written as text are read inside each other: each level reads its text once more.
constexpr std::size_t kMaxNestedTexts = 4;

/// What a backslash and `c` stand for (RFC 6350 section 3.4). A line break becomes a space: names and numbers
/// are one line here.
char unescaped(char c) {
  return c == 'n' || c == 'N' ? ' ' : c;
}

/// How a property says that its value is encoded. Both are of vCard 2.1, and are obeyed in every version.
struct Encoding {
  explicit Encoding(std::string_view parameters)
      : quoted_printable(is_quoted_printable(parameters)),
        charset(charset_named(charset_parameter(parameters))) {}

  bool quoted_printable;
  Charset charset;
};

/// A text of several lines: `\\n` ends one, other escapes lose one level.
std::string lines_of_text(std::string_view value, const Encoding& encoding) {
  std::string out = encoding.quoted_printable ? decoded_quoted_printable(value) : std::string(value);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const bool escaped = out[i] == '\\' && i + 1 < out.size();
    i += escaped ? 1 : 0;
    out[kept++] = escaped && (out[i] == 'n' || out[i] == 'N') ? '\n' : out[i];
  }
  out.resize(kept);
  return out;
}

std::string text_value(std::string_view value, const Encoding& encoding) {
  std::string decoded;
  if (encoding.quoted_printable) {
    decoded = decoded_quoted_printable(value);
    value = decoded;
  }
  std::string out;
  out.reserve(value.size());
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '\\' && i + 1 < value.size()) {
      out.push_back(unescaped(value[++i]));
    } else if (value[i] == '\n' || value[i] == '\r') {  // encoded line breaks
      out.append(value.substr(i).starts_with("\r\n") ? "" : " ");
    } else {
      out.push_back(value[i]);
    }
  }
  return decoded_text(trimmed(out), encoding.charset);
}

/// N: family; given; additional; prefixes; suffixes (RFC 6350 section 6.2.2), in the order they are spoken. A
/// component may be a list with commas.
std::string joined_name(std::string_view value, const Encoding& encoding) {
  std::array<std::string, 5> components;
  std::size_t current = 0;
  for (std::size_t i = 0; i < value.size() && current < components.size(); ++i) {
    if (value[i] == ';') {
      ++current;
    } else if (value[i] == '\\' && i + 1 < value.size()) {
      components[current].append(value.substr(i, 2));
      ++i;
    } else {
      components[current].push_back(value[i] == ',' ? ' ' : value[i]);
    }
  }
  constexpr std::array<std::size_t, 5> kSpoken = {3, 1, 2, 0, 4};
  std::string out;
  for (const std::size_t index : kSpoken) {
    const std::string part = text_value(components[index], encoding);
    if (!part.empty()) {
      out.append(out.empty() ? "" : " ").append(part);
    }
  }
  return out;
}

/// A line of fax and voice is a telephone with a fax machine behind it.
bool is_fax_or_pager_line(std::string_view parameters) {
  return (has_type(parameters, "FAX") || has_type(parameters, "PAGER")) && !has_type(parameters, "VOICE") &&
         !has_type(parameters, "CELL");
}

/// A card whose END has not come yet.
struct OpenCard {
  std::size_t place;                // in AddressBook::contacts
  bool has_formatted_name = false;  // by FN, which N does not replace
};

class CardReader {
 public:
  explicit CardReader(const ReadOptions& options) : options_(options) {}

  bool full() const { return book_.full(); }

  void take(const UnfoldedLine& line) {
    ended_in_number_ = false;
    std::string_view text = line.text;
    if (text.starts_with(kByteOrderMark)) {
      text.remove_prefix(kByteOrderMark.size());  // files joined end to end
    }
    const std::optional<ContentLine> content = parse_content_line(text);
    const bool after_agent = std::exchange(agent_follows_, false);
    const bool after_number = std::exchange(after_number_, false);
    if (!content) {
      return;
    }
    if (equals_ignoring_case(content->name, "BEGIN")) {
      if (starts_with_ignoring_case(trimmed(content->value), kCard)) {
        begin_card(line.line, after_agent ? Place::kInside : Place::kOutside);
      }
    } else if (equals_ignoring_case(content->name, "END")) {
      end_line(trimmed(content->value), line.line);
    } else if (!open_.empty()) {
      property(*content, line, after_number);
    }
  }

  Result<AddressBook> finish() && {
    reject_cut_number();
    return std::move(book_).finish();
  }

 private:
  enum class Place { kOutside, kInside };

  /// A BEGIN that no AGENT announces begins the next card, whether or not the last one was ended.
  void begin_card(std::size_t line, Place place) {
    if (place == Place::kOutside) {
      open_.clear();
    }
    open_.push_back({book_.begin_card(line)});
  }

  void end_line(std::string_view value, std::size_t line) {
    if (!starts_with_ignoring_case(value, kCard)) {
      return;
    }
    if (!open_.empty()) {
      open_.pop_back();
    }
    // Some exports forget the line end: END:VCARDBEGIN:VCARD.
    if (starts_with_ignoring_case(trimmed(value.substr(kCard.size())), kBegin)) {
      begin_card(line, Place::kOutside);
    }
  }

  void property(const ContentLine& content, const UnfoldedLine& line, bool after_number) {
    if (equals_ignoring_case(content.name, "TEL")) {
      telephone(content, line);
    } else if (equals_ignoring_case(content.name, "FN")) {
      formatted_name(text_value(content.value, Encoding(content.parameters)));
    } else if (equals_ignoring_case(content.name, "N")) {
      if (!book_.is_named(card())) {
        book_.name(card(), joined_name(content.value, Encoding(content.parameters)));
      }
    } else if (equals_ignoring_case(content.name, "AGENT")) {
      agent(content, line);
    } else if (after_number && equals_ignoring_case(content.name, "X-ABLabel")) {
      label(content);
    }
  }

  /// The first FN that says anything.
  void formatted_name(std::string name) {
    if (!open_.back().has_formatted_name && !name.empty()) {
      book_.name(card(), std::move(name));
      open_.back().has_formatted_name = true;
    }
  }

  void telephone(const ContentLine& content, const UnfoldedLine& line) {
    std::string value = text_value(content.value, Encoding(content.parameters));
    if (value.empty()) {
      return;
    }
    if (!options_.include_fax_and_pager && is_fax_or_pager_line(content.parameters)) {
      book_.reject(line.line, std::move(value), RejectReason::kFaxOrPager);
    } else if (book_.add_number(card(), std::move(value), line.line)) {
      ended_in_number_ = !line.terminated;
      after_number_ = true;
      number_group_ = content.group;
    }
  }

  /// vCard 2.1 puts the card of a secretary inside, as lines behind AGENT; 3.0 writes it as one escaped text.
  void agent(const ContentLine& content, const UnfoldedLine& line) {
    const std::string_view value = trimmed(content.value);
    agent_follows_ = value.empty();
    if (equals_ignoring_case(value, kBegin)) {
      begin_card(line.line, Place::kInside);
    } else if (starts_with_ignoring_case(value, kBegin) && texts_ < kMaxNestedTexts) {
      // A text as long as a line may be was cut, perhaps inside a number.
      const bool whole = line.terminated && line.text.size() < kMaxContentLine;
      agent_text(lines_of_text(value, Encoding(content.parameters)), line.line, whole);
    }
  }

  /// Reads `text` as lines of its own, inside of which the cards around it are out of reach.
  void agent_text(std::string_view text, std::size_t line, bool whole) {
    std::vector<OpenCard> around = std::exchange(open_, {});
    ++texts_;
    LineUnfolder lines(text);
    for (UnfoldedLine inner; !full() && lines.next(inner);) {
      inner.line = line;
      inner.terminated = inner.terminated || whole;
      take(inner);
    }
    reject_cut_number();
    --texts_;
    agent_follows_ = after_number_ = false;
    open_ = std::move(around);
  }

  /// Apple writes a label that the user typed behind its number, in a line of the same group.
  void label(const ContentLine& content) {
    if (!options_.include_fax_and_pager && !content.group.empty() && content.group == number_group_ &&
        is_fax_or_pager(content.value)) {
      book_.reject_last_number(card(), RejectReason::kFaxOrPager);
    }
  }

  /// The number in the last line, when the file ends inside that line.
  void reject_cut_number() {
    if (std::exchange(ended_in_number_, false)) {
      book_.reject_last_number(card(), RejectReason::kTruncated);
    }
  }

  /// The place of the innermost card.
  std::size_t card() const { return open_.back().place; }

  ReadOptions options_;
  AddressBookBuilder book_;
  std::vector<OpenCard> open_;    // from the outermost to the innermost
  std::size_t texts_ = 0;         // agents written as text around the line in hand
  bool agent_follows_ = false;    // the line read last is an AGENT whose card comes in the next
  bool after_number_ = false;     // the line read last is a number of the innermost card
  bool ended_in_number_ = false;  // .. and lacks its line end
  std::string number_group_;      // of that number
};

}  // namespace

bool is_vcard(std::string_view text) noexcept {
  if (text.starts_with(kByteOrderMark)) {
    text.remove_prefix(kByteOrderMark.size());
  }
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && starts_with_ignoring_case(text.substr(first), kBegin);
}

Result<AddressBook> read_vcard(std::string_view text, const ReadOptions& options) {
  CardReader reader(options);
  LineUnfolder lines(text);
  for (UnfoldedLine line; !reader.full() && lines.next(line);) {
    reader.take(line);
  }
  return std::move(reader).finish();
}

}  // namespace blindbook::contact
