#include "blindbook/protocol/output_store.h"

#include <set>

namespace blindbook::protocol {

const oprf::PrfOutput* OutputStore::find(const Identifier& identifier) const {
  const auto at = outputs_.find(identifier);
  return at == outputs_.end() ? nullptr : &at->second;
}

void OutputStore::put(Identifier identifier, oprf::PrfOutput output) {
  outputs_.try_emplace(std::move(identifier), std::move(output));
}

std::vector<Identifier> OutputStore::missing(std::span<const Identifier> identifiers) const {
  std::vector<Identifier> out;
  std::set<Identifier> seen;
  for (const Identifier& identifier : identifiers) {
    if (!holds(identifier) && seen.insert(identifier).second) {
      out.push_back(identifier);
    }
  }
  return out;
}

OutputStore OutputStore::duplicate() const {
  OutputStore copy;
  for (const auto& [identifier, output] : outputs_) {
    copy.put(identifier, output.duplicate());
  }
  return copy;
}

}  // namespace blindbook::protocol
