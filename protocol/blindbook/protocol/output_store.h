#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <vector>

#include "blindbook/base/identifier.h"
#include "blindbook/oprf/suite.h"

namespace blindbook::protocol {

/// The PRF outputs a client holds in one epoch, by identifier. They are what a run costs allowance for, so
/// they are kept; and they open the directory, so they are wiped on destruction. Move-only.
class OutputStore {
 public:
  /// The output of `identifier`, or null. Valid until the store changes.
  [[nodiscard]] const oprf::PrfOutput* find(const Identifier& identifier) const;
  [[nodiscard]] bool holds(const Identifier& identifier) const { return find(identifier) != nullptr; }
  /// Keeps `output`; one that is already held stays, since in one epoch both are the same.
  void put(Identifier identifier, oprf::PrfOutput output);

  /// Those of `identifiers` that are not held, each once, in the order given.
  [[nodiscard]] std::vector<Identifier> missing(std::span<const Identifier> identifiers) const;

  /// A second holder of the same outputs; copying secrets is a decision, so it has a name.
  [[nodiscard]] OutputStore duplicate() const;

  [[nodiscard]] std::size_t size() const noexcept { return outputs_.size(); }
  [[nodiscard]] auto begin() const noexcept { return outputs_.begin(); }
  [[nodiscard]] auto end() const noexcept { return outputs_.end(); }

 private:
  std::map<Identifier, oprf::PrfOutput> outputs_;
};

}  // namespace blindbook::protocol
