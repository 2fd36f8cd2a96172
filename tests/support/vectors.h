#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>

#include "blindbook/base/bytes.h"

#include "tests/support/vectors_folder.h"

namespace blindbook::test_support {

/// The JSON file `name` of tests/vectors. Throws when it is missing or is not JSON.
inline nlohmann::json read_vectors(const std::string& name) {
  std::ifstream file(vectors_folder() + "/" + name);
  if (!file) {
    throw std::runtime_error("no test vectors " + name);
  }
  return nlohmann::json::parse(file);
}

/// The bytes of the file `name` of tests/vectors. Throws when it is missing.
inline Bytes read_vector_file(const std::string& name) {
  std::ifstream file(vectors_folder() + "/" + name, std::ios::binary);
  if (!file) {
    throw std::runtime_error("no test vector " + name);
  }
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Bytes of hex that a vector promises; throws on anything else.
inline Bytes hex_bytes(const nlohmann::json& hex) {
  const auto bytes = from_hex(hex.get<std::string>());
  if (!bytes) {
    throw std::runtime_error("not hex: " + hex.dump());
  }
  return *bytes;
}

}  // namespace blindbook::test_support
