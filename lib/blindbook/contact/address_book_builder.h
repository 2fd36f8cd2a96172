#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "blindbook/base/error.h"
#include "blindbook/contact/contact.h"

namespace blindbook::contact {

/// Puts an AddressBook together for the readers of all formats, and holds it to the limits of contact.h: the
/// result takes a bounded heap, whatever the file. A reader stops as soon as the builder is full:
///
///     while (!builder.full() && lines.next(line)) { .. }
///     return std::move(builder).finish();
///
/// Cards are named by their place among the contacts, since a card may stand inside another.
class AddressBookBuilder {
 public:
  /// Begins a card on `line`; returns its place.
  std::size_t begin_card(std::size_t line);
  /// Names a card, in place of the name it had; cut to kMaxName bytes. `name` is valid UTF-8.
  void name(std::size_t card, std::string name);
  [[nodiscard]] bool is_named(std::size_t card) const { return !book_.contacts[card].name.empty(); }
  /// Adds a number, valid UTF-8 and not empty. One above kMaxRawNumber bytes, which no profile reads, becomes
  /// a reject "too-long". True when it now is the last number of its card.
  bool add_number(std::size_t card, std::string value, std::size_t line);
  /// Makes the last number of a card, of which there must be one, a reject.
  void reject_last_number(std::size_t card, RejectReason reason);
  void reject(std::size_t line, std::string value, RejectReason reason);

  /// True once a limit has been passed. What is still handed in then may be lost.
  [[nodiscard]] bool full() const noexcept { return passed_.has_value(); }
  /// The book; BadInput "contact.too-many" when it passed a limit.
  [[nodiscard]] Result<AddressBook> finish() &&;

 private:
  enum class Limit { kCards, kNumbers, kText };

  void count_number();
  void count_text(std::size_t bytes);

  AddressBook book_;
  std::size_t numbers_ = 0;
  std::size_t text_ =
      0;  // bytes of names and numbers; that are held, or were before they were cut for a reject
  std::optional<Limit> passed_;
};

}  // namespace blindbook::contact
