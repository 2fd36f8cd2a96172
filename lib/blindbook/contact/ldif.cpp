#include "blindbook/contact/ldif.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "blindbook/base/bytes.h"
#include "blindbook/contact/address_book_builder.h"
#include "blindbook/contact/ascii.h"
#include "blindbook/contact/content_line.h"
#include "blindbook/contact/text_encoding.h"

namespace blindbook::contact {
namespace {

/// One line `description [:|::|:<] value`.
struct Attribute {
  std::string_view type;  // without options such as ";lang-de"
  std::string_view value;
  bool is_base64 = false;
  bool is_url = false;
};

std::optional<Attribute> parse_attribute(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (line.starts_with('#') || colon == std::string_view::npos) {
    return std::nullopt;
  }
  Attribute out{trimmed(line.substr(0, std::min(colon, line.find(';')))), line.substr(colon + 1)};
  out.is_base64 = out.value.starts_with(':');
  out.is_url = out.value.starts_with('<');
  if (out.is_base64 || out.is_url) {
    out.value.remove_prefix(1);
  }
  out.value = trimmed(out.value);
  return out;
}

/// Base64 of RFC 4648 section 4, with or without padding.
std::optional<std::string> decoded_base64(std::string_view text) {
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) {
    text.remove_suffix(1);
  }
  std::string url_alphabet(text);
  for (char& c : url_alphabet) {
    // The characters in which the alphabets differ; those of the other one are none of ours.
    c = c == '+' ? '-' : c == '/' ? '_' : c == '-' || c == '_' ? '*' : c;
  }
  const auto bytes = from_base64url(url_alphabet);
  return bytes ? std::optional(std::string(text_of(*bytes))) : std::nullopt;
}

/// Nothing when it calls itself base64 and is none.
std::optional<std::string> text_value(const Attribute& attribute) {
  if (!attribute.is_base64) {
    return decoded_text(attribute.value);
  }
  const auto decoded = decoded_base64(attribute.value);
  return decoded ? std::optional(decoded_text(trimmed(*decoded))) : std::nullopt;
}

template <std::size_t N>
bool is_one_of(std::string_view type, const std::array<std::string_view, N>& known) {
  return std::any_of(known.begin(), known.end(),
                     [&](std::string_view one) { return equals_ignoring_case(type, one); });
}

bool is_phone(std::string_view type) {
  constexpr auto kTypes = std::to_array<std::string_view>({
      "telephoneNumber",                                                      // RFC 4519
      "mobile", "mobileTelephoneNumber", "homePhone", "homeTelephoneNumber",  // RFC 4524
      "otherTelephone", "otherMobile", "otherHomePhone",                      // Active Directory
      "cellphone", "carPhone",                                                // Mozilla
      "primaryPhone", "otherPhone", "companyPhone", "assistantPhone", "callbackPhone", "radio"  // Evolution
  });
  return is_one_of(type, kTypes);
}

bool is_fax_or_pager_type(std::string_view type) {
  constexpr auto kTypes = std::to_array<std::string_view>(
      {"facsimileTelephoneNumber", "fax", "homeFacsimileTelephoneNumber", "otherFacsimileTelephoneNumber",
       "homeFax", "otherFax", "pager", "pagerTelephoneNumber", "pagerPhone", "otherPager"});
  return is_one_of(type, kTypes);
}

/// RFC 4517 section 3.3.11: a facsimile number may have parameters, such as "+49 30 1$twoDimensional".
std::string without_fax_parameters(std::string_view value) {
  return std::string(trimmed(value.substr(0, value.find('$'))));
}

class EntryReader {
 public:
  explicit EntryReader(const ReadOptions& options) : options_(options) {}

  bool full() const { return book_.full(); }

  void take(const UnfoldedLine& line) {
    ended_in_number_ = false;
    const std::optional<Attribute> attribute = parse_attribute(line.text);
    if (!attribute) {
      return;
    }
    if (equals_ignoring_case(attribute->type, "dn")) {
      end_entry();
      in_entry_ = true;
      at_head_ = true;
      first_line_ = line.line;
    } else if (equals_ignoring_case(attribute->type, "changetype")) {
      in_entry_ = in_entry_ && (!at_head_ || equals_ignoring_case(attribute->value, "add"));
    } else if (!equals_ignoring_case(attribute->type, "control")) {
      if (in_entry_ && at_head_) {
        card_ = book_.begin_card(first_line_);
      }
      at_head_ = false;
      if (in_entry_ && !attribute->is_url) {
        property(*attribute, line);
      }
    }
  }

  Result<AddressBook> finish() && {
    if (ended_in_number_) {
      book_.reject_last_number(card_, RejectReason::kTruncated);
    }
    end_entry();
    return std::move(book_).finish();
  }

 private:
  /// What a contact can be called by, the best first.
  struct Names {
    std::string display, common, given, family, organization;

    [[nodiscard]] std::string best() && {
      for (std::string* name : {&display, &common}) {
        if (!name->empty()) {
          return std::move(*name);
        }
      }
      if (given.empty() && family.empty()) {
        return std::move(organization);
      }
      return given.empty() || family.empty() ? given + family : given + " " + family;
    }
  };

  void end_entry() {
    if (in_entry_ && at_head_) {
      book_.begin_card(first_line_);  // an entry of nothing
    } else if (in_entry_) {
      book_.name(card_, std::move(names_).best());
    }
    in_entry_ = false;
    names_ = {};
  }

  std::string* name_for(std::string_view type) {
    const std::pair<std::string_view, std::string*> names[] = {
        {"displayName", &names_.display}, {"cn", &names_.common},           {"commonName", &names_.common},
        {"givenName", &names_.given},     {"sn", &names_.family},           {"surname", &names_.family},
        {"o", &names_.organization},      {"company", &names_.organization}};
    for (const auto& [name, place] : names) {
      if (equals_ignoring_case(type, name)) {
        return place;
      }
    }
    return nullptr;
  }

  void property(const Attribute& attribute, const UnfoldedLine& line) {
    if (std::string* name = name_for(attribute.type)) {
      if (name->empty()) {
        *name = text_value(attribute).value_or(decoded_text(attribute.value));
      }
      return;
    }
    const bool fax_or_pager = is_fax_or_pager_type(attribute.type);
    if (!fax_or_pager && !is_phone(attribute.type)) {
      return;
    }
    std::optional<std::string> text = text_value(attribute);
    if (!text) {
      book_.reject(line.line, decoded_text(attribute.value),
                   line.terminated ? RejectReason::kDamagedRow : RejectReason::kTruncated);
    } else if (!fax_or_pager) {
      number(*std::move(text), line);
    } else {
      std::string value = without_fax_parameters(*text);
      if (options_.include_fax_and_pager) {
        number(std::move(value), line);
      } else if (!value.empty()) {
        book_.reject(line.line, std::move(value), RejectReason::kFaxOrPager);
      }
    }
  }

  void number(std::string value, const UnfoldedLine& line) {
    if (!value.empty() && book_.add_number(card_, std::move(value), line.line)) {
      ended_in_number_ = !line.terminated;
    }
  }

  ReadOptions options_;
  AddressBookBuilder book_;
  bool in_entry_ = false;
  bool at_head_ = false;          // where a change record says what it is: behind dn and controls
  bool ended_in_number_ = false;  // the line read last is a number and lacks its line end
  std::size_t first_line_ = 0;    // of the entry
  std::size_t card_ = 0;          // of the entry, once its head has passed
  Names names_;
};

}  // namespace

bool is_ldif(std::string_view text) {
  LineUnfolder lines(text, LineBreaks::kFolds);
  for (UnfoldedLine line; lines.next(line);) {
    const std::string_view content = trimmed(line.text);
    if (!content.empty() && !content.starts_with('#') && !starts_with_ignoring_case(content, "version:")) {
      return starts_with_ignoring_case(content, "dn:");
    }
  }
  return false;
}

Result<AddressBook> read_ldif(std::string_view text, const ReadOptions& options) {
  EntryReader reader(options);
  LineUnfolder lines(text, LineBreaks::kFolds);
  for (UnfoldedLine line; !reader.full() && lines.next(line);) {
    reader.take(line);
  }
  return std::move(reader).finish();
}

}  // namespace blindbook::contact
