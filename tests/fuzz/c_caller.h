#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include <blindbook.h>

#include "tests/fuzz/fuzz.h"

/// Calls blindbook.h as a careless program does, and holds the library to what the header says of every function. The
/// input of a target is such a program: letters that name calls, each followed by a byte that says how it goes wrong.
namespace blindbook::fuzz {

class CCaller {
 public:
  explicit CCaller(ByteView program) : left_(program) {}

  /// Moves on to the next call; false at the end of the program.
  bool next() {
    if (left_.size() < 2) {
      return false;
    }
    name_ = static_cast<char>(left_[0]);
    how_ = left_[1];
    left_ = left_.subspan(2);
    return true;
  }
  [[nodiscard]] char name() const { return name_; }
  [[nodiscard]] std::uint8_t how() const { return how_; }

  /// `bytes` as they are for most values of how(), or cut, or altered, or none.
  [[nodiscard]] Bytes spoilt(ByteView bytes) const {
    Bytes out(bytes.begin(), bytes.end());
    if (how_ == 'c') {
      out.resize(out.size() / 2);
    } else if (how_ >= 128 && !out.empty()) {
      out[(how_ - 128U) * out.size() / 128] ^= 1;
    } else if (how_ == 'z') {
      out.clear();
    }
    return out;
  }

  /// `pointer`, or null where the program forgets it.
  template <class T>
  [[nodiscard]] T* given(T* pointer) const {
    return how_ == '0' ? nullptr : pointer;
  }

  /// Makes `function(error)`, with an error or without.
  template <class Function>
  bb_status call(const Function& function) const {
    bb_error error;
    std::memset(&error, 0x55, sizeof error);
    const bool wants_error = how_ % 2 == 0;
    const bb_status status = function(wants_error ? &error : nullptr);
    require(status >= BB_OK && status <= BB_SHORT_BUFFER, "a status is one of the header's");
    if (wants_error && status != BB_OK) {
      require(error.status == status, "the error says the status that was returned");
      require(is_text(error.rule) && is_text(error.message),
              "an error says by which rule, and what is wrong");
      require(std::memchr(error.hint, 0, sizeof error.hint) != nullptr, "a hint ends");
    }
    return status;
  }

  /// Makes `function(out, size, error)` with too little room, or as much as it wants. What was written; nothing when it
  /// failed.
  template <class Byte, class Function>
  std::vector<Byte> read(const Function& function) const {
    std::size_t size = how_;
    std::vector<Byte> out(size, Byte{0x55});
    bb_status status = read_into(out, size, function);
    if (status == BB_SHORT_BUFFER) {
      require(size > out.size(), "a buffer is too short for what is larger");
      if (how_ == 's') {
        return {};  // this program gives up
      }
      out.assign(size, Byte{0x55});
      status = read_into(out, size, function);
      require(status != BB_SHORT_BUFFER, "what a buffer takes does not grow");
    }
    out.resize(status == BB_OK ? size : 0);
    return out;
  }

 private:
  template <std::size_t N>
  static bool is_text(const char (&text)[N]) {
    return text[0] != '\0' && std::memchr(text, 0, N) != nullptr;
  }

  template <class Byte, class Function>
  bb_status read_into(std::vector<Byte>& out, std::size_t& size, const Function& function) const {
    const bb_status status = call([&](bb_error* error) { return function(out.data(), &size, error); });
    const std::size_t written = status == BB_OK ? size : 0;
    require(written <= out.size(), "no more is written than there is room for");
    require(std::all_of(out.begin() + static_cast<std::ptrdiff_t>(written), out.end(),
                        [](Byte byte) { return byte == Byte{0x55}; }),
            "nothing is written but what the size says");
    require(status == BB_OK || status == BB_SHORT_BUFFER || size == out.size(), "a failure leaves the size");
    return status;
  }

  ByteView left_;
  char name_ = 0;
  std::uint8_t how_ = 0;
};

}  // namespace blindbook::fuzz
