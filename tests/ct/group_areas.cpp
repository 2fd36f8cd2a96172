// The group and its scalars, batch by batch, on the kernel that the environment names.
#include <array>
#include <vector>

#include "blindbook/group/ristretto255.h"

#include "tests/ct/watch.h"

namespace blindbook::ct {
namespace {

using G = group::Ristretto255;

constexpr std::size_t kCount = 9;  // more than the lanes of any kernel

G::Scalar secret_scalar(RandomSource& random) {
  std::array<std::uint8_t, G::kUniformScalarBytes> uniform{};
  random.fill(uniform);
  return G::scalar_from_uniform(uniform);
}

std::vector<G::Scalar> secret_scalars() {
  SecretRandom random(1);
  std::vector<G::Scalar> scalars;
  for (std::size_t i = 0; i < kCount; ++i) {
    scalars.push_back(secret_scalar(random));
  }
  return scalars;
}

void append(Bytes& out, std::span<const G::EncodedElement> elements) {
  for (const G::EncodedElement& element : elements) {
    out.insert(out.end(), element.view().begin(), element.view().end());
  }
}

Bytes encoded(std::span<const G::Element> elements) {
  std::vector<G::EncodedElement> encodings(elements.size());
  G::encode_batch(elements, encodings);
  Bytes out;
  append(out, encodings);
  return out;
}

/// A secret scalar and public points: what a server does.
Bytes multiplication() {
  SecretRandom random(2);
  const G::Scalar k = secret_scalar(random);
  const std::vector<G::Element> points(kCount, G::generator());
  std::vector<G::EncodedElement> products(kCount);
  G::multiply_encode_batch(k, points, products);
  std::vector<G::Element> elements(kCount);
  G::multiply_batch(k, points, elements);
  Bytes out = encoded(elements);
  append(out, products);
  return out;
}

/// The sum for public data, called with secret scalars.
void multiply_in_variable_time() {
  const std::vector<G::Element> points(kCount, G::generator());
  (void)G::multi_scalar_multiply_vartime(secret_scalars(), points);
}

Bytes hash_to_group() {
  std::vector<std::array<char, 17>> identifiers(kCount);
  std::vector<ByteView> messages;
  for (auto& identifier : identifiers) {
    identifier.fill('1');
    make_secret(identifier);
    messages.push_back(bytes_of({identifier.data(), identifier.size()}));
  }
  std::vector<G::Element> points(kCount);
  G::hash_to_group_batch(messages, bytes_of("HashToGroup-ct"), points);
  return encoded(points);
}

/// Secret scalars and a public base, and sums of secret points: what a client does.
Bytes fixed_bases() {
  const std::vector<G::Scalar> masks = secret_scalars();
  std::vector<G::Element> blinds(kCount);
  G::multiply_base_batch(masks, blinds);
  const G::FixedBase key(G::generator());
  std::vector<G::Element> shifts(kCount);
  key.multiply_batch(masks, shifts);
  std::vector<G::Element> sums(kCount);
  G::add_batch(blinds, shifts, sums);
  G::subtract_batch(sums, blinds, sums);
  Bytes out = encoded(sums);
  out.push_back(static_cast<std::uint8_t>(G::equal(sums[0], shifts[0])));
  G::wipe(sums);
  return out;
}

Bytes scalars() {
  SecretRandom random(3);
  const G::Scalar a = secret_scalar(random);
  const G::Scalar b = secret_scalar(random);
  Bytes message(64);
  random.fill(message);
  const G::Scalar c = G::hash_to_scalar({message}, bytes_of("HashToScalar-ct"));
  const G::Scalar sum = G::subtract(G::add(a, b), G::multiply(G::invert(a), G::negate(c)));
  Bytes out(G::kScalarBytes);
  G::encode_scalar(sum, std::span(out).first<G::kScalarBytes>());
  out.push_back(static_cast<std::uint8_t>(G::is_zero(a)));
  out.push_back(static_cast<std::uint8_t>(G::equal(a, b)));
  return out;
}

}  // namespace

std::vector<Area> group_areas() {
  return {{"multiplication", multiplication, {{"variable-time sum", multiply_in_variable_time}}},
          {"hash-to-group", hash_to_group},
          {"fixed-bases", fixed_bases},
          {"scalars", scalars}};
}

}  // namespace blindbook::ct
