#pragma once

#include "tests/bench/micro/field/loops.h"

namespace blindbook::group::kernel::BLINDBOOK_KERNEL {
namespace {

template <class Step>
BLINDBOOK_INLINE void run_chains(std::size_t steps, std::uint64_t* words, Step step) {
  // From memory: of constants the compiler would see that their products are the same.
  Field factor;
  for (std::size_t i = 0; i < kLimbs; ++i) {
    factor.limb[i] = load_words(words + i, kLimbs, kLanes);
  }
  Field chain[bench::kChains];
  for (std::size_t n = 0; n < bench::kChains; ++n) {
    for (std::size_t i = 0; i < kLimbs; ++i) {
      chain[n].limb[i] = factor.limb[i] + splat(n);
    }
  }
  for (std::size_t done = 0; done < steps; ++done) {
    for (Field& value : chain) {
      value = step(value, factor);
    }
  }
  const auto sum = add(add(chain[0], chain[1]), add(chain[2], chain[3]));
  for (std::size_t i = 0; i < kLimbs; ++i) {
    store_words(sum.limb[i], words + i, kLimbs, kLanes);
  }
}

void multiply_loop(std::size_t steps, std::uint64_t* words) {
  run_chains(steps, words, [](const Field& value, const Field& factor) BLINDBOOK_INLINE_LAMBDA {
    return multiply(value, factor);
  });
}

void square_loop(std::size_t steps, std::uint64_t* words) {
  run_chains(steps, words,
             [](const Field& value, const Field&) BLINDBOOK_INLINE_LAMBDA { return square(value); });
}

}  // namespace

extern const bench::FieldLoops kFieldLoops;
constinit const bench::FieldLoops kFieldLoops = {
    .name = BLINDBOOK_KERNEL_NAME,
    .lanes = kLanes,
    .multiply = multiply_loop,
    .square = square_loop,
};

}  // namespace blindbook::group::kernel::BLINDBOOK_KERNEL
