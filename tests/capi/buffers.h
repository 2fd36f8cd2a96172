#pragma once

#include <cstddef>
#include <string>

#include <blindbook.h>
#include <catch2/catch.hpp>

#include "blindbook/base/bytes.h"

namespace blindbook::test_support {

/// Reads bytes as a C program does: asks for the size, then for the bytes.
template <class Call>
Bytes bytes_from(const Call& call) {
  std::size_t size = 0;
  const bb_status asked = call(nullptr, &size);
  if (asked == BB_OK) {
    return {};
  }
  REQUIRE(asked == BB_SHORT_BUFFER);
  Bytes out(size);
  REQUIRE(call(out.data(), &size) == BB_OK);
  REQUIRE(size == out.size());
  return out;
}

template <class Call>
std::string text_from(const Call& call) {
  std::size_t size = 0;
  REQUIRE(call(nullptr, &size) == BB_SHORT_BUFFER);
  std::string out(size, '\0');
  REQUIRE(call(out.data(), &size) == BB_OK);
  REQUIRE(out.back() == '\0');
  out.pop_back();
  return out;
}

}  // namespace blindbook::test_support
