#include "tests/bench/baselines/p256.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>

#include <openssl/err.h>
#include <openssl/obj_mac.h>

#include "blindbook/hash/sha2.h"

namespace blindbook::bench {
namespace {

void require(bool done) {
  if (!done) {
    throw std::runtime_error("OpenSSL could not compute on P-256");
  }
}

constexpr std::uint8_t kEvenY = 2;
constexpr std::uint8_t kOddY = 3;

}  // namespace

P256Cipher::P256Cipher(RandomSource& random)
    : group_(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1)),
      context_(BN_CTX_new()),
      scratch_(EC_POINT_new(group_.get())),
      key_(BN_new()),
      inverse_(BN_new()) {
  require(group_ && context_ && scratch_ && key_ && inverse_);
  const BIGNUM* order = EC_GROUP_get0_order(group_.get());
  do {
    std::array<std::uint8_t, 32> candidate{};
    random.fill(candidate);
    require(BN_bin2bn(candidate.data(), static_cast<int>(candidate.size()), key_.get()) != nullptr);
  } while (BN_is_zero(key_.get()) == 1 || BN_cmp(key_.get(), order) >= 0);
  require(BN_mod_inverse(inverse_.get(), key_.get(), order, context_.get()) != nullptr);
}

void P256Cipher::encrypt(ByteView text, MutableBytes out) const {
  hash_to_curve(text);
  multiply_scratch(*key_, out);
}

void P256Cipher::multiply(ByteView point, const BIGNUM& by, MutableBytes out) const {
  if (point.size() != kPointBytes || (point[0] != kEvenY && point[0] != kOddY) ||
      EC_POINT_oct2point(group_.get(), scratch_.get(), point.data(), point.size(), context_.get()) != 1) {
    ERR_clear_error();
    throw std::runtime_error("bytes that are no point of P-256");
  }
  multiply_scratch(by, out);
}

void P256Cipher::multiply_scratch(const BIGNUM& by, MutableBytes out) const {
  require(EC_POINT_mul(group_.get(), scratch_.get(), nullptr, scratch_.get(), &by, context_.get()) == 1 &&
          EC_POINT_point2oct(group_.get(), scratch_.get(), POINT_CONVERSION_COMPRESSED, out.data(),
                             out.size(), context_.get()) == kPointBytes);
}

void P256Cipher::hash_to_curve(ByteView text) const {
  std::array<std::uint8_t, kPointBytes> candidate{};
  candidate[0] = kEvenY;
  const ByteView name = bytes_of("blindbook-bench P-256");
  hash::Sha256::Digest x = hash::sha256({name, text});
  // An x is on the curve one time in two; one that is not below the prime, once in 2^32, is refused like one that is not.
  for (;;) {
    std::copy(x.begin(), x.end(), candidate.begin() + 1);
    if (EC_POINT_oct2point(group_.get(), scratch_.get(), candidate.data(), candidate.size(),
                           context_.get()) == 1) {
      return;
    }
    ERR_clear_error();
    x = hash::sha256({x});
  }
}

}  // namespace blindbook::bench
