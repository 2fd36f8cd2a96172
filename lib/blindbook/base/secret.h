#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "blindbook/base/bytes.h"
#include "blindbook/base/constant_time.h"

namespace blindbook {

/// N secret bytes: wiped on destruction and on move, not copyable, not printable, compared in constant time.
/// Code that needs the bytes says so with expose().
template <std::size_t N>
class Secret {
 public:
  static constexpr std::size_t kSize = N;

  /// N zero bytes, to be filled through expose_mutable().
  Secret() noexcept : bytes_{} {}
  explicit Secret(std::span<const std::uint8_t, N> bytes) noexcept {
    std::copy(bytes.begin(), bytes.end(), bytes_.begin());
  }
  ~Secret() { wipe(bytes_); }

  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  Secret(Secret&& other) noexcept : bytes_(other.bytes_) { wipe(other.bytes_); }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      bytes_ = other.bytes_;
      wipe(other.bytes_);
    }
    return *this;
  }

  /// A second holder of the same secret; copying is a decision, so it has a name.
  [[nodiscard]] Secret duplicate() const noexcept { return Secret(bytes_); }

  [[nodiscard]] std::span<const std::uint8_t, N> expose() const noexcept { return bytes_; }
  [[nodiscard]] std::span<std::uint8_t, N> expose_mutable() noexcept { return bytes_; }

  friend bool operator==(const Secret& a, const Secret& b) noexcept {
    return equal_constant_time(a.bytes_, b.bytes_);
  }

 private:
  std::array<std::uint8_t, N> bytes_;
};

/// Secret bytes whose number is known at run time only; the same promises as Secret. Never reallocates: the
/// size is fixed at construction, so no unwiped copy is left behind by growth.
class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(std::size_t size) : bytes_(size) {}
  explicit SecretBytes(ByteView bytes) : bytes_(bytes.begin(), bytes.end()) {}
  /// Takes the buffer over, so that `bytes` leaves no second copy.
  static SecretBytes adopt(Bytes&& bytes) {
    SecretBytes out;
    out.bytes_ = std::move(bytes);
    return out;
  }
  ~SecretBytes() { wipe(bytes_); }

  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  SecretBytes(SecretBytes&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  SecretBytes& operator=(SecretBytes&& other) noexcept {
    if (this != &other) {
      wipe(bytes_);
      bytes_ = std::exchange(other.bytes_, {});
    }
    return *this;
  }

  [[nodiscard]] SecretBytes duplicate() const { return SecretBytes(ByteView(bytes_)); }
  [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }
  [[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }
  [[nodiscard]] ByteView expose() const noexcept { return bytes_; }
  [[nodiscard]] MutableBytes expose_mutable() noexcept { return bytes_; }

  friend bool operator==(const SecretBytes& a, const SecretBytes& b) noexcept {
    return equal_constant_time(a.bytes_, b.bytes_);
  }

 private:
  Bytes bytes_;
};

}  // namespace blindbook
