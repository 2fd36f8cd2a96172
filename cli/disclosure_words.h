#pragma once

#include <cstdint>
#include <string>

#include "blindbook/base/error.h"
#include "blindbook/base/types.h"

#include "cli/disclosure_texts.h"

namespace blindbook::cli {

/// Numbers, times and faults as the page of a disclosure report writes them in one language. What comes back is
/// HTML.
class DisclosureWords {
 public:
  /// `texts` must outlive this.
  explicit DisclosureWords(const DisclosureTexts& texts) : texts_(texts) {}

  /// "1.234.567" in German.
  [[nodiscard]] std::string grouped(std::uint64_t number) const;
  /// The singular or the plural of `text`, with {n} and {size} filled in.
  [[nodiscard]] std::string counted(const CountedText& text, std::uint64_t n, std::uint64_t size = 0) const;
  /// Date and time in UTC.
  [[nodiscard]] std::string moment(UnixTime time) const;
  /// The time of day in UTC.
  [[nodiscard]] static std::string clock(UnixTime time);
  [[nodiscard]] std::string fault_text(Fault fault) const;

 private:
  const DisclosureTexts& texts_;
};

}  // namespace blindbook::cli
