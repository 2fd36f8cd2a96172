#pragma once

#include "blindbook/group/kernel/kernel.h"

// The functions of a Kernel: arrays cut into groups of lanes.
namespace blindbook::group::kernel::BLINDBOOK_KERNEL {

inline std::size_t decode(const std::uint8_t* encoded, std::size_t count, ExtendedPoint* out) {
  std::size_t first_bad = count;
  for (std::size_t start = 0; start < count; start += kRootsAtOnce * kLanes) {
    Field s[kRootsAtOnce];
    Mask acceptable[kRootsAtOnce];
    std::size_t at[kRootsAtOnce];
    std::size_t size[kRootsAtOnce];
    for (std::size_t i = 0; i < kRootsAtOnce; ++i) {
      // A group beyond the end does the first group again: the work does not depend on what is decoded.
      at[i] = start + i * kLanes < count ? start + i * kLanes : start;
      size[i] = group_size(count - at[i]);
      const std::uint8_t* bytes = encoded + 32 * at[i];
      s[i] = load_bytes(bytes, 32, size[i]);
      acceptable[i] = are_canonical(bytes, 32, size[i]) & ~is_negative(s[i]) & ~is_zero(s[i]);
    }
    Mask valid[kRootsAtOnce];
    Extended points[kRootsAtOnce];
    decode_groups(valid, points, s);
    for (std::size_t i = 0; i < kRootsAtOnce; ++i) {
      store_point(points[i], out + at[i], size[i]);
      const std::uint64_t good = lane_bits(acceptable[i] & valid[i]);
      for (std::size_t lane = 0; lane < size[i]; ++lane) {
        if ((good >> lane & 1) == 0 && at[i] + lane < first_bad) {
          first_bad = at[i] + lane;
        }
      }
    }
  }
  return first_bad;
}

inline void encode(const ExtendedPoint* points, std::size_t count, std::uint8_t* out) {
  for (std::size_t i = 0; i < count; i += kLanes) {
    const std::size_t size = group_size(count - i);
    store_bytes(encode_group(load_point(points + i, size)), out + 32 * i, 32, size);
  }
}

inline void from_uniform(const std::uint8_t* uniform, std::size_t count, ExtendedPoint* out) {
  for (std::size_t i = 0; i < count; i += kLanes) {
    const std::size_t size = group_size(count - i);
    const Field t[2] = {load_bytes(uniform + 64 * i, 64, size), load_bytes(uniform + 64 * i + 32, 64, size)};
    Completed halves[2];
    map_groups(halves, t);
    const Extended sum = to_extended(add_point(to_extended(halves[0]), to_cached(to_extended(halves[1]))));
    store_point(sum, out + i, size);
  }
}

inline void multiply(const WindowDigits& k, const ExtendedPoint* points, std::size_t count,
                     ExtendedPoint* out) {
  for (std::size_t i = 0; i < count; i += kLanes) {
    const std::size_t size = group_size(count - i);
    Completed product;
    multiply_point(product, k, load_point(points + i, size));
    store_point(to_extended(product), out + i, size);
  }
}

inline void add(const ExtendedPoint* a, const ExtendedPoint* b, std::size_t count, ExtendedPoint* out) {
  for (std::size_t i = 0; i < count; i += kLanes) {
    const std::size_t size = group_size(count - i);
    const Cached summand = to_cached(load_point(b + i, size));
    store_point(to_extended(add_point(load_point(a + i, size), summand)), out + i, size);
  }
}

inline void subtract(const ExtendedPoint* a, const ExtendedPoint* b, std::size_t count, ExtendedPoint* out) {
  for (std::size_t i = 0; i < count; i += kLanes) {
    const std::size_t size = group_size(count - i);
    const Cached summand = to_cached(negate_point(load_point(b + i, size)));
    store_point(to_extended(add_point(load_point(a + i, size), summand)), out + i, size);
  }
}

inline bool equal(const ExtendedPoint& a, const ExtendedPoint& b) {
  return (lane_bits(same_element(load_point(&a, 1), load_point(&b, 1))) & 1) != 0;
}

}  // namespace blindbook::group::kernel::BLINDBOOK_KERNEL
