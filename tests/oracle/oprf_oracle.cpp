#include "tests/oracle/oprf_oracle.h"

#include <stdexcept>

#include <openssl/evp.h>

namespace blindbook::oracle {
namespace {

constexpr std::size_t kDigestBytes = 64;
constexpr std::size_t kBlockBytes = 128;

Bytes sha512(ByteView message) {
  Bytes digest(kDigestBytes);
  if (EVP_Digest(message.data(), message.size(), digest.data(), nullptr, EVP_sha512(), nullptr) != 1) {
    throw std::runtime_error("no SHA-512");
  }
  return digest;
}

Bytes i2osp(std::size_t value, std::size_t length) {
  Bytes out(length);
  for (std::size_t i = length; i-- > 0; value >>= 8) {
    out[i] = static_cast<std::uint8_t>(value);
  }
  return out;
}

}  // namespace

Bytes concatenate(std::initializer_list<ByteView> parts) {
  Bytes out;
  for (const ByteView part : parts) {
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

Bytes framed(ByteView bytes) {
  return concatenate({i2osp(bytes.size(), 2), bytes});
}

Bytes expand_message_xmd(ByteView message, ByteView dst, std::size_t length) {
  const Bytes dst_prime = concatenate({dst, i2osp(dst.size(), 1)});
  const Bytes z_pad(kBlockBytes, 0);
  const Bytes b_0 = sha512(concatenate({z_pad, message, i2osp(length, 2), i2osp(0, 1), dst_prime}));
  Bytes b_i = sha512(concatenate({b_0, i2osp(1, 1), dst_prime}));
  Bytes uniform = b_i;
  for (std::size_t i = 2; uniform.size() < length; ++i) {
    for (std::size_t j = 0; j < kDigestBytes; ++j) {
      b_i[j] = static_cast<std::uint8_t>(b_i[j] ^ b_0[j]);
    }
    b_i = sha512(concatenate({b_i, i2osp(i, 1), dst_prime}));
    uniform.insert(uniform.end(), b_i.begin(), b_i.end());
  }
  uniform.resize(length);
  return uniform;
}

Integer hash_to_scalar(ByteView message, ByteView dst) {
  return modulo(from_little_endian(expand_message_xmd(message, dst, 64)), group_order());
}

Bytes encode(const Proof& proof) {
  return concatenate({to_little_endian(proof.challenge), to_little_endian(proof.response)});
}

Oprf::Oprf(std::uint8_t mode)
    : context_("OPRFV1-" + std::string(1, static_cast<char>(mode)) + "-ristretto255-SHA512") {}

Bytes Oprf::tag(std::string_view name) const {
  return concatenate({bytes_of(name), bytes_of(context_)});
}

Integer Oprf::derive_key(ByteView seed, ByteView info) const {
  for (std::size_t counter = 0; counter < 256; ++counter) {
    const Integer key = oracle::hash_to_scalar(concatenate({seed, framed(info), i2osp(counter, 1)}),
                                               tag("DeriveKeyPair"));  // no dash: section 3.2.1
    if (key != 0) {
      return key;
    }
  }
  throw std::runtime_error("DeriveKeyPairError");
}

Point Oprf::hash_to_group(ByteView input) const {
  return from_uniform(expand_message_xmd(input, tag("HashToGroup-"), 64));
}

Integer Oprf::hash_to_scalar(ByteView message) const {
  return oracle::hash_to_scalar(message, tag("HashToScalar-"));
}

Point Oprf::blind(ByteView input, const Integer& blind) const {
  return multiply(blind, hash_to_group(input));
}

Bytes Oprf::finalize(ByteView input, const Integer& blind, const Point& evaluated) const {
  const Integer inverse = boost::multiprecision::powm(blind, group_order() - 2, group_order());
  const Bytes unblinded = oracle::encode(multiply(inverse, evaluated));
  return sha512(concatenate({framed(input), framed(unblinded), bytes_of("Finalize")}));
}

Bytes Oprf::evaluate(const Integer& key, ByteView input) const {
  const Bytes issued = oracle::encode(multiply(key, hash_to_group(input)));
  return sha512(concatenate({framed(input), framed(issued), bytes_of("Finalize")}));
}

Composites Oprf::composites(const Point& public_key, const Pairs& pairs) const {
  const Bytes seed = sha512(concatenate({framed(oracle::encode(public_key)), framed(tag("Seed-"))}));
  Composites out;
  for (std::size_t i = 0; i < pairs.blinded.size(); ++i) {
    const Bytes transcript = concatenate({framed(seed), i2osp(i, 2), framed(oracle::encode(pairs.blinded[i])),
                                          framed(oracle::encode(pairs.evaluated[i])), bytes_of("Composite")});
    const Integer weight = hash_to_scalar(transcript);
    out.m = add(out.m, multiply(weight, pairs.blinded[i]));
    out.z = add(out.z, multiply(weight, pairs.evaluated[i]));
  }
  return out;
}

Integer Oprf::challenge(const Point& public_key, const Composites& composites, const Point& t2,
                        const Point& t3) const {
  return hash_to_scalar(concatenate({framed(oracle::encode(public_key)), framed(oracle::encode(composites.m)),
                                     framed(oracle::encode(composites.z)), framed(oracle::encode(t2)),
                                     framed(oracle::encode(t3)), bytes_of("Challenge")}));
}

Proof Oprf::prove(const Integer& key, const Pairs& pairs, const Integer& nonce) const {
  const Point public_key = multiply(key, generator());
  Composites folded = composites(public_key, pairs);
  folded.z = multiply(key, folded.m);  // ComputeCompositesFast: the prover's Z does not read D
  const Integer c = challenge(public_key, folded, multiply(nonce, generator()), multiply(nonce, folded.m));
  return {c, modulo(nonce - c * key, group_order())};
}

bool Oprf::verify(const Point& public_key, const Pairs& pairs, ByteView proof) const {
  if (proof.size() != 64) {
    return false;
  }
  const Integer c = from_little_endian(proof.first(32));
  const Integer s = from_little_endian(proof.last(32));
  if (c >= group_order() || s >= group_order()) {
    return false;
  }
  const Composites folded = composites(public_key, pairs);
  const Point t2 = add(multiply(s, generator()), multiply(c, public_key));
  const Point t3 = add(multiply(s, folded.m), multiply(c, folded.z));
  return c == challenge(public_key, folded, t2, t3);
}

}  // namespace blindbook::oracle
