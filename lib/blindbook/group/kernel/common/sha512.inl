#pragma once

// The compression function of SHA-512 (FIPS 180-4 section 6.4.2), a message in each lane.
namespace blindbook::group::kernel::BLINDBOOK_KERNEL {

/// Section 4.2.3: the fractions of the cube roots of the first eighty primes.
inline constexpr std::uint64_t kSha512Constants[80] = {
    0x428a2f98d728ae22U, 0x7137449123ef65cdU, 0xb5c0fbcfec4d3b2fU, 0xe9b5dba58189dbbcU, 0x3956c25bf348b538U,
    0x59f111f1b605d019U, 0x923f82a4af194f9bU, 0xab1c5ed5da6d8118U, 0xd807aa98a3030242U, 0x12835b0145706fbeU,
    0x243185be4ee4b28cU, 0x550c7dc3d5ffb4e2U, 0x72be5d74f27b896fU, 0x80deb1fe3b1696b1U, 0x9bdc06a725c71235U,
    0xc19bf174cf692694U, 0xe49b69c19ef14ad2U, 0xefbe4786384f25e3U, 0x0fc19dc68b8cd5b5U, 0x240ca1cc77ac9c65U,
    0x2de92c6f592b0275U, 0x4a7484aa6ea6e483U, 0x5cb0a9dcbd41fbd4U, 0x76f988da831153b5U, 0x983e5152ee66dfabU,
    0xa831c66d2db43210U, 0xb00327c898fb213fU, 0xbf597fc7beef0ee4U, 0xc6e00bf33da88fc2U, 0xd5a79147930aa725U,
    0x06ca6351e003826fU, 0x142929670a0e6e70U, 0x27b70a8546d22ffcU, 0x2e1b21385c26c926U, 0x4d2c6dfc5ac42aedU,
    0x53380d139d95b3dfU, 0x650a73548baf63deU, 0x766a0abb3c77b2a8U, 0x81c2c92e47edaee6U, 0x92722c851482353bU,
    0xa2bfe8a14cf10364U, 0xa81a664bbc423001U, 0xc24b8b70d0f89791U, 0xc76c51a30654be30U, 0xd192e819d6ef5218U,
    0xd69906245565a910U, 0xf40e35855771202aU, 0x106aa07032bbd1b8U, 0x19a4c116b8d2d0c8U, 0x1e376c085141ab53U,
    0x2748774cdf8eeb99U, 0x34b0bcb5e19b48a8U, 0x391c0cb3c5c95a63U, 0x4ed8aa4ae3418acbU, 0x5b9cca4f7763e373U,
    0x682e6ff3d6b2b8a3U, 0x748f82ee5defb2fcU, 0x78a5636f43172f60U, 0x84c87814a1f0ab72U, 0x8cc702081a6439ecU,
    0x90befffa23631e28U, 0xa4506cebde82bde9U, 0xbef9a3f7b2c67915U, 0xc67178f2e372532bU, 0xca273eceea26619cU,
    0xd186b8c721c0c207U, 0xeada7dd6cde0eb1eU, 0xf57d4f7fee6ed178U, 0x06f067aa72176fbaU, 0x0a637dc5a2c898a6U,
    0x113f9804bef90daeU, 0x1b710b35131c471bU, 0x28db77f523047d84U, 0x32caab7b40c72493U, 0x3c9ebe0a15c9bebcU,
    0x431d67c49c100d4cU, 0x4cc5d4becb3e42b6U, 0x597f299cfc657e2aU, 0x5fcb6fab3ad6faecU, 0x6c44198c4a475817U,
};

BLINDBOOK_INLINE Words sum(const Words& a, const Words& b) {
  return add_wrapping(a, b);
}
template <class... More>
BLINDBOOK_INLINE Words sum(const Words& a, const Words& b, const More&... more) {
  return sum(add_wrapping(a, b), more...);
}

/// Sigma and sigma of section 4.1.3.
/// @{
template <unsigned A, unsigned B, unsigned C>
BLINDBOOK_INLINE Words rotations(const Words& x) {
  return rotate_right<A>(x) ^ rotate_right<B>(x) ^ rotate_right<C>(x);
}
template <unsigned A, unsigned B, unsigned C>
BLINDBOOK_INLINE Words rotations_and_shift(const Words& x) {
  return rotate_right<A>(x) ^ rotate_right<B>(x) ^ (x >> C);
}
/// @}

/// One word of each lane's block: 64 bits, most significant byte first.
BLINDBOOK_INLINE Words block_word(const std::uint8_t* const (&blocks)[kLanes], std::size_t i) {
  std::uint64_t lanes[kLanes];
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    std::uint64_t word = 0;
    __builtin_memcpy(&word, blocks[lane] + 8 * i, sizeof word);
    lanes[lane] = __builtin_bswap64(word);  // kernels with lanes are for x86
  }
  return load_lanes(lanes);
}

/// One block for each lane. Working variables a .. h of round t stand at state[(i - t) modulo 8].
inline void sha512_compress_lanes(Words (&state)[8], const std::uint8_t* const (&blocks)[kLanes]) {
  Words schedule[16];
  Words work[8];
  for (std::size_t i = 0; i < 16; ++i) {
    schedule[i] = block_word(blocks, i);
  }
  for (std::size_t i = 0; i < 8; ++i) {
    work[i] = state[i];
  }
  for (std::size_t first = 0; first < 80; first += 16) {
    unrolled<16>([&](auto round) BLINDBOOK_INLINE_LAMBDA {
      constexpr std::size_t t = round.value;
      Words& a = work[(8 - t % 8) % 8];
      Words& b = work[(9 - t % 8) % 8];
      Words& c = work[(10 - t % 8) % 8];
      Words& d = work[(11 - t % 8) % 8];
      Words& e = work[(12 - t % 8) % 8];
      Words& f = work[(13 - t % 8) % 8];
      Words& g = work[(14 - t % 8) % 8];
      Words& h = work[(15 - t % 8) % 8];
      const Words t1 =
          sum(h, rotations<14, 18, 41>(e), choose(e, f, g), splat(kSha512Constants[first + t]), schedule[t]);
      d = sum(d, t1);
      h = sum(t1, rotations<28, 34, 39>(a), majority(a, b, c));
      // What the schedule holds at t is now that of t + 16; the last sixteen are not read.
      schedule[t] = sum(schedule[t], rotations_and_shift<1, 8, 7>(schedule[(t + 1) % 16]),
                        schedule[(t + 9) % 16], rotations_and_shift<19, 61, 6>(schedule[(t + 14) % 16]));
    });
  }
  for (std::size_t i = 0; i < 8; ++i) {
    state[i] = sum(state[i], work[i]);
  }
  wipe_value(schedule);
  wipe_value(work);
}

inline void sha512_compress(std::uint64_t* const* states, const std::uint8_t* const* blocks,
                            std::size_t count) {
  for (std::size_t start = 0; start < count; start += kLanes) {
    const std::size_t size = group_size(count - start);
    const std::uint8_t* block[kLanes];
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      block[lane] = blocks[start + (lane < size ? lane : size - 1)];
    }
    Words state[8];
    std::uint64_t lanes[kLanes];
    for (std::size_t i = 0; i < 8; ++i) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        lanes[lane] = states[start + (lane < size ? lane : size - 1)][i];
      }
      state[i] = load_lanes(lanes);
    }
    sha512_compress_lanes(state, block);
    for (std::size_t i = 0; i < 8; ++i) {
      store_lanes(state[i], lanes);
      for (std::size_t lane = 0; lane < size; ++lane) {
        states[start + lane][i] = lanes[lane];
      }
    }
    wipe_value(state);
    wipe_value(lanes);
  }
}

}  // namespace blindbook::group::kernel::BLINDBOOK_KERNEL
