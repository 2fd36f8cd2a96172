#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/base/secret.h"
#include "blindbook/base/types.h"
#include "blindbook/directory/header.h"
#include "blindbook/hash/hmac.h"
#include "blindbook/hash/sha2.h"

namespace blindbook::directory {

/// Names a label that is resolved on use.
using Handle = std::array<std::uint8_t, 16>;

/// L for labels whose longest, stripped of the template, has `longest` bytes: 2 + longest rounded up to a
/// multiple of 8, at least 24. Nothing when that passes kMaxLabelBytes.
[[nodiscard]] std::optional<std::uint16_t> default_label_bytes(std::size_t longest) noexcept;

/// A label, stripped of the template, and the PRF output that opens it.
struct LabelToSeal {
  ByteView prf_output;
  std::string_view label;
};

/// Seals labels so that only who knows the PRF output of an identifier can open its label, and opens them.
/// With H the suite's hash, HKDF of RFC 5869, and ctx = suite(1) || epoch_id(16):
///
///   PRK    = HKDF-Extract(H, salt "blindbook-v1", PRF output)
///   K_siv  = HKDF-Expand(H, PRK, "label-siv\0" || ctx, 32)
///   K_enc  = HKDF-Expand(H, PRK, "label-enc\0" || ctx, 32)
///   handle = HKDF-Expand(H, PRK, "handle\0" || ctx, 16)
///   P      = I2OSP(len(label), 2) || label || 0..                exactly L bytes
///   siv    = HMAC-SHA-256(K_siv, P)[0..8)
///   sealed = siv || P xor HKDF-Expand(SHA-256, K_enc, "label-stream\0" || siv, L)
///
/// The same label under the same PRF output gives the same bytes, another label another key stream; no state.
/// Immutable and thread-safe. Allocates nothing but the label that open() returns.
class LabelSealer {
 public:
  /// `label_bytes` = L, 2..512; with any other, seal() and open() fail.
  LabelSealer(SuiteId suite, const EpochId& epoch, std::uint16_t label_bytes) noexcept;

  /// Seals `label`, stripped of the template, into all sealed_bytes(L) bytes of `out`. BadInput
  /// "label.syntax" when it is no valid label, "label.length" when it is longer than L - 2 bytes. ApiMisuse
  /// "label.size" when L, `out` or `prf_output` has a size that the suite does not have.
  [[nodiscard]] Result<void> seal(ByteView prf_output, std::string_view label, MutableBytes out) const;
  /// The same for each of `rows`, side by side in `out`, the stack wiped once for all of them: for batches.
  /// When one fails, `out` is as it was.
  [[nodiscard]] Result<void> seal_batch(std::span<const LabelToSeal> rows, MutableBytes out) const;

  /// The label of a row with this tag, to be filled into the template; nothing when the row belongs to
  /// another PRF output or epoch, was changed, or holds no valid label: not a match, and nobody's fault. The
  /// synthetic IV is compared in constant time before the plaintext is looked at.
  [[nodiscard]] std::optional<std::string> open(ByteView prf_output, ByteView sealed) const;

  /// The handle of an identifier in this epoch. ApiMisuse "label.size" as in seal().
  [[nodiscard]] Result<Handle> handle(ByteView prf_output) const;

 private:
  struct Keys {
    Secret<32> siv;
    Secret<32> enc;
  };
  [[nodiscard]] Result<void> check(const LabelToSeal& row) const;
  void seal_checked(const LabelToSeal& row, MutableBytes out) const;
  [[nodiscard]] bool fits(ByteView prf_output) const;
  [[nodiscard]] Keys derive(ByteView prf_output) const;

  std::uint16_t label_bytes_;
  std::array<std::uint8_t, 1 + EpochId::kSize> context_;
  // HMAC keyed with the salt of HKDF-Extract: the same for every label.
  std::variant<hash::Hmac<hash::Sha256>, hash::Hmac<hash::Sha512>> salted_;
};

}  // namespace blindbook::directory
