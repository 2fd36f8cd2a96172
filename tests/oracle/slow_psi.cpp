#include "tests/oracle/slow_psi.h"

#include <set>

namespace blindbook::oracle {

Findings intersection(const std::vector<std::string>& book, const std::vector<Subscriber>& subscribers,
                      bool labelled) {
  return findings_with_tags(book, subscribers, labelled, [](const std::string& number) { return number; });
}

Findings findings_with_tags(const std::vector<std::string>& book, const std::vector<Subscriber>& subscribers,
                            bool labelled, const TagOfNumber& tag_of) {
  std::multimap<std::string, const Subscriber*> rows;
  for (const Subscriber& subscriber : subscribers) {
    rows.emplace(tag_of(subscriber.number), &subscriber);
  }
  Findings found;
  std::set<std::string> asked;
  for (const std::string& contact : book) {
    if (!asked.insert(contact).second) {
      continue;
    }
    bool matches = false;
    std::optional<std::string> label;
    const auto [first, last] = rows.equal_range(tag_of(contact));
    for (auto row = first; row != last; ++row) {
      if (!labelled) {
        matches = true;
      } else if (row->second->number == contact) {
        matches = true;
        label = row->second->label;
      } else {
        ++found.unopened;
      }
    }
    if (matches) {
      found.matches.emplace_back(contact, label);
    }
  }
  return found;
}

std::string SlowTags::of(const std::string& number, unsigned bits) {
  auto known = outputs_.find(number);
  if (known == outputs_.end()) {
    const std::string input = "tel:" + number;
    known = outputs_.emplace(number, Oprf(1).evaluate(key_, bytes_of(input))).first;
  }
  std::string out;
  for (unsigned bit = 0; bit < bits; ++bit) {
    out += (known->second[bit / 8] >> (7 - bit % 8) & 1) != 0 ? '1' : '0';
  }
  return out;
}

}  // namespace blindbook::oracle
