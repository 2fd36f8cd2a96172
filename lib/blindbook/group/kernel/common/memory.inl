#pragma once

// Elements in memory: limbs of radix 2^51 as in ExtendedPoint, and the 32 bytes of RFC 9496. `count` of the
// lanes get an item each, the others repeat the last; stores write `count` items.
namespace blindbook::group::kernel::BLINDBOOK_KERNEL {

/// A kernel whose limbs are smaller has two of them in 51 bits, the lower one first.
inline constexpr bool kSplitLimbs = kLimbs == 10;
static_assert(kSplitLimbs || kLimbs == 5);

BLINDBOOK_INLINE void set_limbs(Field& out, std::size_t i, Words word) {
  if constexpr (kSplitLimbs) {
    out.limb[2 * i] = word & splat(limb_mask(0));
    out.limb[2 * i + 1] = word >> limb_bits(0);
  } else {
    out.limb[i] = word;
  }
}
BLINDBOOK_INLINE Words word_of_limbs(const Field& a, std::size_t i) {
  if constexpr (kSplitLimbs) {
    return a.limb[2 * i] + (a.limb[2 * i + 1] << limb_bits(0));
  } else {
    return a.limb[i];
  }
}

/// The same public value in every lane.
BLINDBOOK_INLINE void broadcast(Field& out, const std::uint64_t (&limbs)[5]) {
  for (std::size_t i = 0; i < 5; ++i) {
    set_limbs(out, i, splat(limbs[i]));
  }
}

/// Five limbs per item, items `stride` words apart.
BLINDBOOK_INLINE void load(Field& out, const std::uint64_t* limbs, std::size_t stride, std::size_t count) {
  for (std::size_t i = 0; i < 5; ++i) {
    set_limbs(out, i, load_words(limbs + i, stride, count));
  }
  expect_bound(out);
}
BLINDBOOK_INLINE void store(const Field& a, std::uint64_t* limbs, std::size_t stride, std::size_t count) {
  expect_bound(a);
  for (std::size_t i = 0; i < 5; ++i) {
    store_words(word_of_limbs(a, i), limbs + i, stride, count);
  }
}

/// The first bit of limb i.
constexpr std::size_t first_bit(std::size_t i) {
  std::size_t bit = 0;
  for (std::size_t j = 0; j < i; ++j) {
    bit += limb_bits(j);
  }
  return bit;
}

/// Four words, least significant first, without bit 255. Limbs are full at most.
BLINDBOOK_INLINE Field from_words(const Words (&words)[4]) {
  Field out;
  for (std::size_t i = 0; i < kLimbs; ++i) {
    const std::size_t word = first_bit(i) / 64;
    const std::size_t shift = first_bit(i) % 64;
    Words limb = words[word] >> shift;
    if (shift + limb_bits(i) > 64) {
      limb = limb | (words[word + 1] << (64 - shift));
    }
    out.limb[i] = limb & splat(limb_mask(i));
  }
  return out;
}

BLINDBOOK_INLINE void to_words(const Field& a, Words (&words)[4]) {
  const Field c = canonical(a);
  for (std::size_t word = 0; word < 4; ++word) {
    words[word] = splat(0);
    for (std::size_t i = 0; i < kLimbs; ++i) {
      const std::size_t from = first_bit(i);
      if (from >= 64 * word && from < 64 * word + 64) {
        words[word] = words[word] | (c.limb[i] << (from - 64 * word));
      } else if (from < 64 * word && from + limb_bits(i) > 64 * word) {
        words[word] = words[word] | (c.limb[i] >> (64 * word - from));
      }
    }
  }
}

/// 32 little-endian bytes, items `stride` bytes apart; bit 255 is ignored.
BLINDBOOK_INLINE Field load_bytes(const std::uint8_t* bytes, std::size_t stride, std::size_t count) {
  Words words[4];
  for (std::size_t i = 0; i < 4; ++i) {
    words[i] = load_byte_words(bytes + 8 * i, stride, count);
  }
  return from_words(words);
}

/// The canonical 32 bytes.
BLINDBOOK_INLINE void store_bytes(const Field& a, std::uint8_t* bytes, std::size_t stride,
                                  std::size_t count) {
  Words words[4];
  to_words(a, words);
  for (std::size_t i = 0; i < 4; ++i) {
    store_byte_words(words[i], bytes + 8 * i, stride, count);
  }
}

/// Whether the 32 bytes are the canonical encoding of a field element: below p, so bit 255 is clear.
BLINDBOOK_INLINE Mask are_canonical(const std::uint8_t* bytes, std::size_t stride, std::size_t count) {
  Words words[4];
  for (std::size_t i = 0; i < 4; ++i) {
    words[i] = load_byte_words(bytes + 8 * i, stride, count);
  }
  Words again[4];
  to_words(from_words(words), again);
  Words difference = words[0] ^ again[0];
  for (std::size_t i = 1; i < 4; ++i) {
    difference = difference | (words[i] ^ again[i]);
  }
  return mask_if_zero(difference);
}

}  // namespace blindbook::group::kernel::BLINDBOOK_KERNEL
