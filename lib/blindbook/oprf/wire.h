#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/group/group.h"

/// Between the flat byte strings of messages and the typed encodings of a group.
namespace blindbook::oprf {

/// `bytes`, a whole number of encodings, taken apart; nothing is checked yet.
template <group::Group G>
[[nodiscard]] std::vector<typename G::EncodedElement> split_elements(ByteView bytes) {
  std::vector<typename G::EncodedElement> out;
  out.reserve(bytes.size() / G::kElementBytes);
  for (std::size_t at = 0; at < bytes.size(); at += G::kElementBytes) {
    out.emplace_back(bytes.subspan(at).template first<G::kElementBytes>());
  }
  return out;
}

/// The encodings, one behind the other.
template <group::Group G>
[[nodiscard]] Bytes join_elements(std::span<const typename G::EncodedElement> elements) {
  Bytes out;
  out.reserve(elements.size() * G::kElementBytes);
  for (const auto& element : elements) {
    out.insert(out.end(), element.view().begin(), element.view().end());
  }
  return out;
}

/// The clause of an error about the `index`-th element of a batch, counted from 0.
[[nodiscard]] inline std::string bad_element_clause(std::size_t index) {
  return "element " + std::to_string(index) + " is not a canonical encoding or is the identity";
}

}  // namespace blindbook::oprf
