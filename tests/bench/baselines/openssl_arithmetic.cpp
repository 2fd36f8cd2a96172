#include "tests/bench/baselines/openssl_arithmetic.h"

#include <stdexcept>

#include "tests/bench/baselines/arithmetic.h"

namespace blindbook::bench {
namespace {

static_assert(Arithmetic<OpensslArithmetic>);

using Number = OpensslArithmetic::Number;

void require(bool done) {
  if (!done) {
    throw std::runtime_error("OpenSSL could not compute");
  }
}

Number fresh() {
  Number out(BN_new());
  require(out != nullptr);
  return out;
}

std::unique_ptr<BN_MONT_CTX, OpensslArithmetic::Free> montgomery_for(const Number& modulus, BN_CTX* context) {
  std::unique_ptr<BN_MONT_CTX, OpensslArithmetic::Free> out(BN_MONT_CTX_new());
  require(out != nullptr && BN_MONT_CTX_set(out.get(), modulus.get(), context) == 1);
  return out;
}

}  // namespace

Number OpensslArithmetic::number(ByteView bytes) {
  Number out(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
  require(out != nullptr);
  return out;
}

OpensslArithmetic::Modulus::Modulus(ByteView modulus)
    : modulus_(number(modulus)),
      bytes_(modulus.size()),
      context_(BN_CTX_new()),
      montgomery_(montgomery_for(modulus_, context_.get())) {}

Number OpensslArithmetic::Modulus::reduce(ByteView bytes) const {
  Number out = number(bytes);
  require(BN_nnmod(out.get(), out.get(), modulus_.get(), context_.get()) == 1);
  return out;
}

void OpensslArithmetic::Modulus::write(const Number& value, MutableBytes out) const {
  require(BN_bn2binpad(value.get(), out.data(), static_cast<int>(out.size())) >= 0);
}

Number OpensslArithmetic::Modulus::multiply(const Number& a, const Number& b) const {
  // One operand in Montgomery form and one not: the product comes out in none, at the price of two multiplications.
  Number out = fresh();
  require(BN_to_montgomery(out.get(), a.get(), montgomery_.get(), context_.get()) == 1 &&
          BN_mod_mul_montgomery(out.get(), out.get(), b.get(), montgomery_.get(), context_.get()) == 1);
  return out;
}

Number OpensslArithmetic::Modulus::power(const Number& base, const Number& exponent) const {
  Number out = fresh();
  // The constant-time exponentiation is the one with code for wide vectors; a short exponent gains by its own bits.
  const bool is_short = BN_num_bits(exponent.get()) <= 64;
  require((is_short ? BN_mod_exp_mont : BN_mod_exp_mont_consttime)(
              out.get(), base.get(), exponent.get(), modulus_.get(), context_.get(), montgomery_.get()) == 1);
  return out;
}

Number OpensslArithmetic::Modulus::inverse(const Number& a) const {
  Number out = fresh();
  require(BN_mod_inverse(out.get(), a.get(), modulus_.get(), context_.get()) != nullptr);
  return out;
}

OpensslArithmetic::PrivateKey::PrivateKey(const RsaKey& key)
    : p_(number(key.prime1)),
      q_(number(key.prime2)),
      exponent_p_(number(key.exponent1)),
      exponent_q_(number(key.exponent2)),
      coefficient_(number(key.coefficient)),
      context_(BN_CTX_new()),
      montgomery_p_(montgomery_for(p_, context_.get())),
      montgomery_q_(montgomery_for(q_, context_.get())) {
  // The coefficient stays in Montgomery form, so that a product with it is one multiplication.
  require(BN_to_montgomery(coefficient_.get(), coefficient_.get(), montgomery_p_.get(), context_.get()) == 1);
}

Number OpensslArithmetic::PrivateKey::sign(const Number& value) const {
  Number base_p = fresh();
  Number base_q = fresh();
  Number at_p = fresh();
  Number at_q = fresh();
  require(BN_nnmod(base_p.get(), value.get(), p_.get(), context_.get()) == 1 &&
          BN_nnmod(base_q.get(), value.get(), q_.get(), context_.get()) == 1);
  // Both halves side by side, as OpenSSL's own RSA has them: at once where the processor can.
  require(BN_mod_exp_mont_consttime_x2(at_p.get(), base_p.get(), exponent_p_.get(), p_.get(),
                                       montgomery_p_.get(), at_q.get(), base_q.get(), exponent_q_.get(),
                                       q_.get(), montgomery_q_.get(), context_.get()) == 1);
  // at_q + q ((at_p - at_q) / q modulo p), Garner's formula.
  Number out = fresh();
  require(BN_mod_sub(out.get(), at_p.get(), at_q.get(), p_.get(), context_.get()) == 1 &&
          BN_mod_mul_montgomery(out.get(), out.get(), coefficient_.get(), montgomery_p_.get(),
                                context_.get()) == 1 &&
          BN_mul(out.get(), out.get(), q_.get(), context_.get()) == 1 &&
          BN_add(out.get(), out.get(), at_q.get()) == 1);
  return out;
}

}  // namespace blindbook::bench
