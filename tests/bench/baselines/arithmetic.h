#pragma once

#include <concepts>
#include <cstddef>

#include "blindbook/base/bytes.h"

#include "tests/bench/baselines/rsa_key.h"

/// What the protocols over integers compute with. They are written once, over an Arithmetic, so that two of them differ
/// in the library below and in nothing else: a table then says what the arithmetic costs.
namespace blindbook::bench {

/// Integers modulo an odd number. Bytes are big-endian. Numbers are below the modulus, except exponents.
template <class A>
concept Arithmetic =
    std::constructible_from<typename A::Modulus, ByteView> &&
    std::constructible_from<typename A::PrivateKey, const RsaKey&> &&
    requires(const typename A::Modulus& modulus, const typename A::PrivateKey& key,
             const typename A::Number& number, ByteView bytes, MutableBytes out) {
      { A::number(bytes) } -> std::same_as<typename A::Number>;
      { modulus.bytes() } -> std::same_as<std::size_t>;
      { modulus.reduce(bytes) } -> std::same_as<typename A::Number>;
      modulus.write(number, out);  // out is bytes() long
      { modulus.multiply(number, number) } -> std::same_as<typename A::Number>;
      { modulus.power(number, number) } -> std::same_as<typename A::Number>;
      /// Of a number that is prime to the modulus.
      { modulus.inverse(number) } -> std::same_as<typename A::Number>;
      /// number^d modulo n by the Chinese remainder theorem, d and n those of the key.
      { key.sign(number) } -> std::same_as<typename A::Number>;
    };

}  // namespace blindbook::bench
