#pragma once

#include <cstddef>

#include <boost/multiprecision/cpp_int.hpp>

#include "blindbook/base/bytes.h"

#include "tests/bench/baselines/rsa_key.h"

/// The Arithmetic of Boost.Multiprecision's cpp_int, in portable C++: its own powm, which squares, multiplies and divides.
namespace blindbook::bench {

struct BoostArithmetic {
  using Number = boost::multiprecision::cpp_int;

  [[nodiscard]] static Number number(ByteView bytes);

  class Modulus {
   public:
    explicit Modulus(ByteView modulus);

    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
    [[nodiscard]] Number reduce(ByteView bytes) const { return number(bytes) % modulus_; }
    void write(const Number& value, MutableBytes out) const;
    [[nodiscard]] Number multiply(const Number& a, const Number& b) const { return a * b % modulus_; }
    [[nodiscard]] Number power(const Number& base, const Number& exponent) const;
    [[nodiscard]] Number inverse(const Number& a) const;

   private:
    Number modulus_;
    std::size_t bytes_;
  };

  class PrivateKey {
   public:
    explicit PrivateKey(const RsaKey& key);
    [[nodiscard]] Number sign(const Number& value) const;

   private:
    Number p_;
    Number q_;
    Number exponent_p_;
    Number exponent_q_;
    Number coefficient_;
  };
};

}  // namespace blindbook::bench
