#pragma once

#include <cstddef>
#include <stdexcept>
#include <vector>

#include "blindbook/base/bytes.h"

/// How the baselines read each other's messages: elements of one length, one after the other.
namespace blindbook::bench {

/// `message` cut into elements of `size` bytes. Throws std::runtime_error when it does not come out even.
[[nodiscard]] inline std::vector<ByteView> elements_of(ByteView message, std::size_t size) {
  if (message.size() % size != 0) {
    throw std::runtime_error("a message that is not made of whole elements");
  }
  std::vector<ByteView> out;
  out.reserve(message.size() / size);
  for (std::size_t at = 0; at < message.size(); at += size) {
    out.push_back(message.subspan(at, size));
  }
  return out;
}

/// The same, of exactly `count` elements.
[[nodiscard]] inline std::vector<ByteView> elements_of(ByteView message, std::size_t size,
                                                       std::size_t count) {
  if (message.size() != size * count) {
    throw std::runtime_error("an answer that has not one element for each that was sent");
  }
  return elements_of(message, size);
}

}  // namespace blindbook::bench
