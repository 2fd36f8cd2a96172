#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "blindbook/group/kernel/extended_point.h"
#include "blindbook/group/recode.h"

/// The batch arithmetic of ristretto255, once per instruction set. A kernel is one folder and one translation
/// unit with its own compiler flags and its own namespace, and exports nothing but a Kernel; so no function
/// that was compiled for a large instruction set can be merged with, or called from, code that runs
/// everywhere.
namespace blindbook::group::kernel {

/// Functions of one kernel. They are constant time in everything but counts and what a name with `_vartime`
/// takes. Scalars arrive as signed digits (recode.h), so that no kernel holds scalar arithmetic. `out` may
/// equal the input.
struct Kernel {
  std::string_view name;

  /// Decodes `count` encodings of 32 bytes; the index of the first that is non-canonical, invalid or the
  /// identity, or `count`. All points are written; those of bad encodings are unspecified.
  std::size_t (*decode)(const std::uint8_t* encoded, std::size_t count, ExtendedPoint* out);
  void (*encode)(const ExtendedPoint* points, std::size_t count, std::uint8_t* out);
  /// RFC 9496 section 4.3.4 on 64 uniform bytes each.
  void (*from_uniform)(const std::uint8_t* uniform, std::size_t count, ExtendedPoint* out);
  /// out[i] = k * points[i].
  void (*multiply)(const WindowDigits& k, const ExtendedPoint* points, std::size_t count, ExtendedPoint* out);
  /// out[i] = encode(2k * points[i]): the doubling makes the square root of the encoding a plain inversion,
  /// which is shared by many points. The caller hands in half of its scalar.
  void (*multiply_double_encode)(const WindowDigits& k, const ExtendedPoint* points, std::size_t count,
                                 std::uint8_t* out);
  void (*add)(const ExtendedPoint* a, const ExtendedPoint* b, std::size_t count, ExtendedPoint* out);
  void (*subtract)(const ExtendedPoint* a, const ExtendedPoint* b, std::size_t count, ExtendedPoint* out);

  /// Multiples of one public point for multiply_fixed: `fixed_table_bytes` bytes, aligned to 64.
  std::size_t fixed_table_bytes;
  void (*make_fixed_table)(const ExtendedPoint& base, void* table);
  /// out[i] = k[i] * base.
  void (*multiply_fixed)(const void* table, const FixedDigits* k, std::size_t count, ExtendedPoint* out);

  /// Sum of k[i] * points[i]; k[i] < l, four words, least significant first.
  ExtendedPoint (*multi_scalar_multiply_vartime)(const std::uint64_t (*k)[4], const ExtendedPoint* points,
                                                 std::size_t count);
  bool (*equal)(const ExtendedPoint& a, const ExtendedPoint& b);

  /// One block of 128 bytes through the compression function of SHA-512 into each of `count` states of eight
  /// words, which are all different. Null where one message at a time is as fast.
  void (*sha512_compress)(std::uint64_t* const* states, const std::uint8_t* const* blocks, std::size_t count);
};

/// The kernel of this process, as cpu::kernel_in_use() chose it. Throws std::runtime_error when that choice
/// failed.
[[nodiscard]] const Kernel& active();

/// The kernel of that name; null when this build has none. It may not run on this machine.
[[nodiscard]] const Kernel* find(std::string_view name) noexcept;

}  // namespace blindbook::group::kernel
