// Encodings and the hash map of every kernel against the oracle and RFC 9496.
#include <algorithm>

#include <catch2/catch.hpp>

#include "tests/oracle/kernels.h"
#include "tests/support/vectors.h"

using namespace blindbook;
using namespace blindbook::oracle;

namespace {

/// Integers around the places where a reduction modulo p can go wrong, as 256-bit values.
std::vector<Integer> edge_field_values() {
  std::vector<Integer> values;
  const Integer top = Integer(1) << 255;
  for (int i = 0; i <= 40; ++i) {
    values.push_back(i);
    values.push_back(field_prime() - 21 + i);  // crosses p and 2^255
    values.push_back(top + i);
    values.push_back(2 * top - 1 - i);
  }
  for (const unsigned bit : {51U, 102U, 153U, 204U, 254U}) {
    values.push_back(Integer(1) << bit);
    values.push_back((Integer(1) << bit) - 1);
    values.push_back(field_prime() - (Integer(1) << bit));
  }
  return values;
}

std::size_t decode_one(const Kernel& kernel, const Encoding& encoding, ExtendedPoint& out) {
  return kernel.decode(encoding.data(), 1, &out);
}

Encoding as_encoding(const Integer& value) {
  const Bytes bytes = to_little_endian(value);
  Encoding out{};
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

}  // namespace

TEST_CASE("kernel decode accepts the multiples of rfc 9496 but the identity") {
  const Kernel& kernel = *GENERATE(from_range(runnable_kernels()));
  const auto vectors = test_support::read_vectors("rfc9496-ristretto255.json");
  for (const auto& hex : vectors.at("generator_multiples")) {
    const Bytes bytes = test_support::hex_bytes(hex);
    ExtendedPoint point;
    const bool is_identity = std::all_of(bytes.begin(), bytes.end(), [](auto b) { return b == 0; });
    CHECK(kernel.decode(bytes.data(), 1, &point) == (is_identity ? 0 : 1));
    if (!is_identity) {
      Encoding again;
      kernel.encode(&point, 1, again.data());
      CHECK(to_hex(again) == hex);
      CHECK(is_well_formed(point));
    }
  }
}

TEST_CASE("kernel decode rejects the invalid encodings of rfc 9496") {
  const Kernel& kernel = *GENERATE(from_range(runnable_kernels()));
  const auto vectors = test_support::read_vectors("rfc9496-ristretto255.json");
  std::size_t count = 0;
  for (const auto& group : vectors.at("invalid_encodings")) {
    for (const auto& hex : group.at("encodings")) {
      INFO(kernel.name << ": " << group.at("reason") << " " << hex);
      ExtendedPoint point;
      CHECK(kernel.decode(test_support::hex_bytes(hex).data(), 1, &point) == 0);
      ++count;
    }
  }
  CHECK(count == 29);
}

TEST_CASE("kernel decode agrees with the oracle on edge values") {
  const Kernel& kernel = *GENERATE(from_range(runnable_kernels()));
  std::size_t accepted = 0;
  for (const Integer& value : edge_field_values()) {
    const Encoding encoding = as_encoding(value);
    INFO(kernel.name << ": " << to_hex(encoding));
    const auto expected = decode(encoding);
    ExtendedPoint point;
    const bool is_good = decode_one(kernel, encoding, point) == 1;
    CHECK(is_good == (expected && value != 0));
    if (is_good && expected) {
      CHECK(from_limbs(point.x) % field_prime() == expected->x);
      CHECK(from_limbs(point.y) % field_prime() == expected->y);
      CHECK(is_well_formed(point));
      ++accepted;
    }
  }
  CHECK(accepted > 5);
}

TEST_CASE("kernel decode rejects a good encoding with bit 255 set") {
  const Kernel& kernel = *GENERATE(from_range(runnable_kernels()));
  test_support::DeterministicRandom random(2);
  for (int round = 0; round < 4; ++round) {
    Encoding encoding = encoding_of(random_point(random));
    ExtendedPoint point;
    CHECK(decode_one(kernel, encoding, point) == 1);
    encoding[31] |= 0x80;
    CHECK(decode_one(kernel, encoding, point) == 0);
  }
}

TEST_CASE("kernel decode names the first bad encoding at every length and place") {
  const Kernel& kernel = *GENERATE(from_range(runnable_kernels()));
  test_support::DeterministicRandom random(3);
  std::vector<Encoding> good(17);
  for (auto& encoding : good) {
    encoding = encoding_of(random_point(random));
  }
  for (std::size_t length = 0; length <= good.size(); ++length) {
    std::vector<Encoding> encodings(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(length));
    std::vector<ExtendedPoint> points(length);
    CHECK(kernel.decode(flat(encodings), length, points.data()) == length);
    for (std::size_t i = 0; i < length; ++i) {
      Encoding again;
      kernel.encode(&points[i], 1, again.data());
      CHECK(again == good[i]);
    }
    for (std::size_t bad = 0; bad < length; ++bad) {
      encodings[bad] = Encoding{};    // the identity
      encodings[length - 1][0] ^= 1;  // negative, or the identity's neighbour
      CHECK(kernel.decode(flat(encodings), length, points.data()) == bad);
      encodings = std::vector<Encoding>(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(length));
    }
  }
}

TEST_CASE("kernel encode agrees with the oracle on every coset member and scaling") {
  const Kernel& kernel = *GENERATE(from_range(runnable_kernels()));
  test_support::DeterministicRandom random(4);
  for (int round = 0; round < 4; ++round) {
    const Point p = round == 0 ? Point{} : random_point(random);
    const Encoding expected = encoding_of(p);
    for (const Point& torsion : identity_coset()) {
      const ExtendedPoint point =
          to_extended(oracle::add(p, torsion), random_integer(random, field_prime() - 1) + 1);
      Encoding got;
      kernel.encode(&point, 1, got.data());
      CHECK(to_hex(got) == to_hex(expected));
    }
  }
}

TEST_CASE("kernel encode keeps identities to their lanes at every length") {
  const Kernel& kernel = *GENERATE(from_range(runnable_kernels()));
  test_support::DeterministicRandom random(6);
  const std::vector<Point> zeros = identity_coset();
  const Point p = random_point(random);
  const Encoding expected = encoding_of(p);
  for (std::size_t length = 0; length <= 17; ++length) {
    for (std::size_t zero = 0; zero < length; ++zero) {
      std::vector<ExtendedPoint> points(length, to_extended(p, 3));
      points[zero] = to_extended(zeros[zero % zeros.size()], static_cast<unsigned>(zero + 1));
      std::vector<Encoding> got(length);
      kernel.encode(points.data(), length, flat(got));
      for (std::size_t i = 0; i < length; ++i) {
        CHECK(got[i] == (i == zero ? Encoding{} : expected));
      }
    }
  }
}

TEST_CASE("kernel equality is that of elements") {
  const Kernel& kernel = *GENERATE(from_range(runnable_kernels()));
  test_support::DeterministicRandom random(5);
  const Point p = random_point(random);
  const Point q = random_point(random);
  const ExtendedPoint a = to_extended(p, 7);
  for (const Point& torsion : identity_coset()) {
    CHECK(kernel.equal(a, to_extended(oracle::add(p, torsion), 1234567)));
    CHECK_FALSE(kernel.equal(a, to_extended(oracle::add(q, torsion))));
    CHECK(kernel.equal(to_extended(torsion, 99), to_extended(Point{})));
    CHECK_FALSE(kernel.equal(a, to_extended(torsion)));
  }
  CHECK_FALSE(kernel.equal(a, to_extended(oracle::negate(p))));
}

TEST_CASE("kernel map gives the elements of rfc 9496") {
  const Kernel& kernel = *GENERATE(from_range(runnable_kernels()));
  const auto vectors = test_support::read_vectors("rfc9496-ristretto255.json");
  for (const auto& vector : vectors.at("from_uniform")) {
    const Bytes uniform = test_support::hex_bytes(vector.at("uniform"));
    ExtendedPoint point;
    kernel.from_uniform(uniform.data(), 1, &point);
    CHECK(is_well_formed(point));
    Encoding got;
    kernel.encode(&point, 1, got.data());
    CHECK(to_hex(got) == vector.at("element"));
  }
}

TEST_CASE("kernel map works at every length with another input in each place") {
  const Kernel& kernel = *GENERATE(from_range(runnable_kernels()));
  test_support::DeterministicRandom random(7);
  std::vector<std::array<std::uint8_t, 64>> inputs(17);
  std::vector<Encoding> expected;
  for (auto& input : inputs) {
    random.fill(input);
    expected.push_back(encoding_of(from_uniform(input)));
  }
  for (std::size_t length = 0; length <= inputs.size(); ++length) {
    std::vector<ExtendedPoint> points(length);
    kernel.from_uniform(flat(inputs), length, points.data());
    std::vector<Encoding> got(length);
    kernel.encode(points.data(), length, flat(got));
    CHECK(std::equal(got.begin(), got.end(), expected.begin()));
  }
}

TEST_CASE("kernel map agrees with the oracle on edge values and all zero and all one bits") {
  const Kernel& kernel = *GENERATE(from_range(runnable_kernels()));
  const std::vector<Integer> values = edge_field_values();
  std::vector<std::array<std::uint8_t, 64>> inputs;
  inputs.emplace_back();
  inputs.emplace_back().fill(0xff);
  for (std::size_t i = 0; i < values.size(); i += 2) {
    auto& input = inputs.emplace_back();
    const Encoding first = as_encoding(values[i]);
    const Encoding second = as_encoding(values[(i * 7 + 3) % values.size()]);
    std::copy(first.begin(), first.end(), input.begin());
    std::copy(second.begin(), second.end(), input.begin() + 32);
  }
  std::vector<ExtendedPoint> points(inputs.size());
  kernel.from_uniform(flat(inputs), inputs.size(), points.data());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    INFO(kernel.name << ": " << to_hex(inputs[i]));
    Encoding got;
    kernel.encode(&points[i], 1, got.data());
    CHECK(is_well_formed(points[i]));
    CHECK(to_hex(got) == to_hex(encode(from_uniform(inputs[i]))));
  }
}
