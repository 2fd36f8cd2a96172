#include "blindbook/contact/contact_list.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "blindbook/contact/reject_reason.h"

namespace blindbook::contact {
namespace {

class Collector {
 public:
  explicit Collector(const Normaliser& normaliser) : normaliser_(normaliser) {}

  void add(const NamedBook& named) {
    const std::size_t first_reject = list_.rejects.size();
    list_.cards += named.book.contacts.size();
    list_.rejects.insert(list_.rejects.end(), named.book.rejects.begin(), named.book.rejects.end());
    for (const Contact& contact : named.book.contacts) {
      for (const RawNumber& number : contact.numbers) {
        add_number(named.source, contact.name, number);
      }
    }
    std::stable_sort(list_.rejects.begin() + static_cast<std::ptrdiff_t>(first_reject), list_.rejects.end(),
                     [](const Reject& a, const Reject& b) { return a.line < b.line; });
  }

  ContactList finish() && {
    for (IdentifiedContact& contact : list_.contacts) {
      if (contact.names.empty()) {
        contact.names.emplace_back();
      }
    }
    return std::move(list_);
  }

 private:
  void add_number(const std::string& source, const std::string& contact_name, const RawNumber& number) {
    const Normalised normalised = normaliser_.normalise(number.value);
    for (const auto& remark : {normalised.reason, normalised.warning}) {
      if (remark) {
        list_.rejects.push_back(make_reject(source, number.line, number.value, *remark));
      }
    }
    for (const Identifier& identifier : normalised.identifiers) {
      const auto [place, is_new] = places_.try_emplace(identifier, list_.contacts.size());
      if (is_new) {
        list_.contacts.push_back({identifier, {}});
      }
      // An empty name names nobody. The set keeps a number under very many names from costing the square of
      // them.
      if (!contact_name.empty() && named_.insert(identifier.text() + '\n' + contact_name).second) {
        list_.contacts[place->second].names.push_back(contact_name);
      }
    }
  }

  const Normaliser& normaliser_;
  ContactList list_;
  std::unordered_map<Identifier, std::size_t, IdentifierHash> places_;
  std::unordered_set<std::string> named_;  // identifier and name, joined by what stands in no identifier
};

}  // namespace

ContactList collect(std::span<const NamedBook> books, const Normaliser& normaliser) {
  Collector collector(normaliser);
  for (const NamedBook& book : books) {
    collector.add(book);
  }
  return std::move(collector).finish();
}

}  // namespace blindbook::contact
