#include "blindbook/contact/contact_list.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "blindbook/contact/reject.h"

namespace blindbook::contact {
namespace {

/// A number for each distinct name, so that what refers to names does not hold their text.
class NameTable {
 public:
  std::uint32_t id_of(std::string_view name) {
    if (const auto known = ids_.find(name); known != ids_.end()) {
      return known->second;
    }
    const auto id = static_cast<std::uint32_t>(names_.size());
    ids_.emplace(names_.emplace_back(name), id);
    return id;
  }

  std::deque<std::string> take() && { return std::move(names_); }

 private:
  std::deque<std::string> names_;                            // which never move, so that views of them hold
  std::unordered_map<std::string_view, std::uint32_t> ids_;  // of the strings in names_
};

class Collector {
 public:
  explicit Collector(const Normaliser& normaliser) : normaliser_(normaliser) {}

  void add(NamedBook named) {
    list_.cards += named.book.contacts.size();
    list_.rejects.push_back({std::move(named.source), std::move(named.book.rejects)});
    for (Contact& place : named.book.contacts) {
      const Contact contact = std::move(place);
      add_contact(contact);
      if (full()) {
        return;
      }
    }
    std::vector<Reject>& rejects = list_.rejects.back().rejects;
    std::stable_sort(rejects.begin(), rejects.end(),
                     [](const Reject& a, const Reject& b) { return a.line < b.line; });
  }

  bool full() const { return numbers_ > kMaxNumbers; }

  ContactList finish() && {
    for (IdentifiedContact& contact : list_.contacts) {
      if (contact.names.empty()) {
        contact.names.push_back(names_.id_of({}));
      }
    }
    list_.names = std::move(names_).take();
    return std::move(list_);
  }

 private:
  void add_contact(const Contact& contact) {
    // An empty name names nobody.
    const auto name = contact.name.empty() || contact.numbers.empty()
                          ? std::nullopt
                          : std::optional(names_.id_of(contact.name));
    for (const RawNumber& number : contact.numbers) {
      const Normalised normalised = normaliser_.normalise(number.value);
      for (const auto& remark : {normalised.reason, normalised.warning}) {
        if (remark) {
          list_.rejects.back().rejects.push_back(make_reject(number.line, number.value, *remark));
        }
      }
      for (const Identifier& identifier : normalised.identifiers) {
        add_identifier(identifier, name);
      }
    }
  }

  void add_identifier(const Identifier& identifier, std::optional<std::uint32_t> name) {
    ++numbers_;
    const auto [known, is_new] = places_.try_emplace(identifier, static_cast<std::uint32_t>(places_.size()));
    if (is_new) {
      list_.contacts.push_back({identifier, {}});
    }
    // The set keeps a number under very many names from costing the square of them.
    const std::uint32_t place = known->second;
    if (name && named_.insert(std::uint64_t{place} << 32U | *name).second) {
      list_.contacts[place].names.push_back(*name);
    }
  }

  const Normaliser& normaliser_;
  ContactList list_;
  NameTable names_;
  std::unordered_map<Identifier, std::uint32_t, IdentifierHash> places_;  // in list_.contacts
  std::unordered_set<std::uint64_t> named_;  // the place of a contact, and below it one of its names
  std::size_t numbers_ = 0;
};

}  // namespace

Result<ContactList> collect(std::vector<NamedBook> books, const Normaliser& normaliser) {
  Collector collector(normaliser);
  for (NamedBook& book : books) {
    collector.add(std::move(book));
    if (collector.full()) {
      return bad_input("contact.too-many",
                       "the address books hold more than " + std::to_string(kMaxNumbers) + " numbers",
                       "look up a part of them at a time");
    }
  }
  return std::move(collector).finish();
}

}  // namespace blindbook::contact
