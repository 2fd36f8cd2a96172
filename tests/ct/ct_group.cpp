// Constant time of the group under valgrind: secrets are marked undefined, and memcheck reports every branch
// and every address that depends on one. `ct_group` must run clean; `ct_group leak` branches on a secret on
// purpose and must be reported, so that a checker that sees nothing is noticed.
#include <array>
#include <cstdio>
#include <string_view>
#include <vector>

#include <valgrind/memcheck.h>

#include "blindbook/group/ristretto255.h"

#include "tests/support/deterministic_random.h"

namespace {

using namespace blindbook;
using G = group::Ristretto255;

constexpr std::size_t kCount = 9;  // more than the lanes of any kernel

template <class T>
void make_secret(T& object) {
  VALGRIND_MAKE_MEM_UNDEFINED(&object, sizeof object);
}
template <class T>
void make_public(T& object) {
  VALGRIND_MAKE_MEM_DEFINED(&object, sizeof object);
}
template <class T>
void make_public(std::vector<T>& items) {
  VALGRIND_MAKE_MEM_DEFINED(items.data(), items.size() * sizeof(T));
}

G::Scalar secret_scalar(RandomSource& random) {
  std::array<std::uint8_t, G::kUniformScalarBytes> uniform{};
  random.fill(uniform);
  make_secret(uniform);
  return G::scalar_from_uniform(uniform);
}

void server(RandomSource& random, std::vector<G::Element>& elements) {
  const G::Scalar k = secret_scalar(random);
  std::vector<G::EncodedElement> encoded(kCount);
  G::multiply_encode_batch(k, elements, encoded);
  make_public(encoded);
  std::vector<G::Element> products(kCount);
  G::multiply_batch(k, elements, products);
  make_public(products);
}

void client(RandomSource& random, const G::FixedBase& key) {
  std::vector<std::array<char, 17>> identifiers(kCount);
  std::vector<ByteView> messages;
  for (auto& identifier : identifiers) {
    identifier.fill('1');
    make_secret(identifier);
    messages.push_back(bytes_of({identifier.data(), identifier.size()}));
  }
  std::vector<G::Element> points(kCount);
  G::hash_to_group_batch(messages, bytes_of("HashToGroup-ct"), points);
  std::vector<G::Scalar> masks;
  for (std::size_t i = 0; i < kCount; ++i) {
    masks.push_back(secret_scalar(random));
  }
  std::vector<G::Element> blinds(kCount);
  G::multiply_base_batch(masks, blinds);
  G::add_batch(points, blinds, points);
  std::vector<G::EncodedElement> encoded(kCount);
  G::encode_batch(points, encoded);
  make_public(encoded);
  key.multiply_batch(masks, blinds);
  G::subtract_batch(points, blinds, points);
  G::encode_batch(points, encoded);
  make_public(encoded);
}

void scalars(RandomSource& random) {
  const G::Scalar a = secret_scalar(random);
  const G::Scalar b = secret_scalar(random);
  const G::Scalar proof = G::subtract(G::add(a, b), G::multiply(G::invert(a), G::negate(b)));
  std::array<std::uint8_t, G::kScalarBytes> bytes{};
  G::encode_scalar(proof, bytes);
  make_public(bytes);
}

/// What the checker must report.
void leak(RandomSource& random) {
  const G::Scalar a = secret_scalar(random);
  std::array<std::uint8_t, G::kScalarBytes> bytes{};
  G::encode_scalar(a, bytes);
  if ((bytes[0] & 1) != 0) {
    std::puts("odd");
  }
}

}  // namespace

int main(int argc, char** argv) {
  test_support::DeterministicRandom random(1);
  std::vector<G::Element> elements(kCount, G::generator());
  const G::FixedBase key(G::generator());
  server(random, elements);
  client(random, key);
  scalars(random);
  if (argc == 2 && std::string_view(argv[1]) == "leak") {
    leak(random);
  }
  return 0;
}
