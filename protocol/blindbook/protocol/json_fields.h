#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "blindbook/base/bytes.h"

namespace blindbook::protocol {

/// Reads the members of one JSON object by name and type. A member that is absent or of another type or range
/// sets `failed()` and yields an empty value, so that a whole object is read in one breath and asked about
/// once. Members nobody asks for are passed over: a later minor version may add some.
class JsonFields {
 public:
  explicit JsonFields(const nlohmann::json& object) : object_(object), failed_(!object.is_object()) {}

  template <class Unsigned = std::uint64_t>
  [[nodiscard]] Unsigned number(const char* name) {
    const nlohmann::json* value = find(name);
    if (value == nullptr || !value->is_number_unsigned() ||
        value->get<std::uint64_t>() > std::numeric_limits<Unsigned>::max()) {
      failed_ = true;
      return 0;
    }
    return value->get<Unsigned>();
  }

  [[nodiscard]] std::string text(const char* name) {
    const nlohmann::json* value = find(name);
    if (value == nullptr || !value->is_string()) {
      failed_ = true;
      return {};
    }
    return value->get<std::string>();
  }

  /// Lower-case hex of exactly N bytes.
  template <std::size_t N>
  [[nodiscard]] std::array<std::uint8_t, N> hex(const char* name) {
    std::array<std::uint8_t, N> out{};
    const std::optional<Bytes> bytes = from_hex(text(name));
    if (!bytes || bytes->size() != N) {
      failed_ = true;
      return out;
    }
    std::copy(bytes->begin(), bytes->end(), out.begin());
    return out;
  }

  /// The member itself, whatever it is; null when absent.
  [[nodiscard]] const nlohmann::json& member(const char* name) {
    static const nlohmann::json kNull;
    const nlohmann::json* value = find(name);
    failed_ = failed_ || value == nullptr;
    return value == nullptr ? kNull : *value;
  }

  void fail() noexcept { failed_ = true; }
  [[nodiscard]] bool failed() const noexcept { return failed_; }

 private:
  const nlohmann::json* find(const char* name) const {
    if (!object_.is_object()) {
      return nullptr;
    }
    const auto at = object_.find(name);
    return at == object_.end() ? nullptr : &*at;
  }

  const nlohmann::json& object_;
  bool failed_;
};

}  // namespace blindbook::protocol
