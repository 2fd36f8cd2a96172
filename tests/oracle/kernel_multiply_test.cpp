// Sums and multiples of every kernel against the oracle.
#include <algorithm>

#include <catch2/catch.hpp>

#include "tests/oracle/kernels.h"

using namespace blindbook;
using namespace blindbook::oracle;

namespace {

Encoding encode_with(const Kernel& kernel, const ExtendedPoint& point) {
  Encoding out;
  kernel.encode(&point, 1, out.data());
  return out;
}

group::WindowDigits window_digits(const Integer& k) {
  group::WindowDigits digits;
  group::recode(to_words(k), digits);
  return digits;
}

group::FixedDigits fixed_digits(const Integer& k) {
  group::FixedDigits digits;
  group::recode(to_words(k), digits);
  return digits;
}

/// A table as the kernel wants it: aligned to 64 bytes.
struct AlignedTable {
  struct alignas(64) Line {
    std::byte bytes[64];
  };
  AlignedTable(const Kernel& kernel, const ExtendedPoint& base)
      : lines((kernel.fixed_table_bytes + 63) / 64) {
    kernel.make_fixed_table(base, lines.data());
  }
  std::vector<Line> lines;
};

}  // namespace

TEST_CASE("kernel multiply agrees with the oracle on edge scalars") {
  const Kernel& kernel = *GENERATE(from_range(runnable_kernels()));
  test_support::DeterministicRandom random(10);
  const Point p = random_point(random);
  const ExtendedPoint in = to_extended(p, 5);
  std::vector<Integer> scalars = edge_scalars();
  scalars.push_back(random_integer(random, group_order()));
  for (const Integer& k : scalars) {
    INFO(kernel.name << ": " << k);
    const std::string expected = to_hex(encode(oracle::multiply(k, p)));
    ExtendedPoint product;
    kernel.multiply(window_digits(k), &in, 1, &product);
    CHECK(is_well_formed(product));
    CHECK(to_hex(encode_with(kernel, product)) == expected);
    Encoding doubled;
    kernel.multiply_double_encode(window_digits(k), &in, 1, doubled.data());
    CHECK(to_hex(doubled) == to_hex(encode(oracle::multiply(2 * k, p))));
  }
}

TEST_CASE("kernel multiply works at every length with a different point in each place") {
  const Kernel& kernel = *GENERATE(from_range(runnable_kernels()));
  test_support::DeterministicRandom random(11);
  const Integer k = random_integer(random, group_order());
  std::vector<ExtendedPoint> in(17);
  std::vector<Encoding> single(in.size());
  std::vector<Encoding> twice(in.size());
  for (std::size_t i = 0; i < in.size(); ++i) {
    const Point p = random_point(random);
    in[i] = to_extended(p, static_cast<unsigned>(i + 1));
    single[i] = encoding_of(oracle::multiply(k, p));
    twice[i] = encoding_of(oracle::multiply(2 * k, p));
  }
  for (std::size_t length = 0; length <= in.size(); ++length) {
    std::vector<ExtendedPoint> out(in.begin(), in.begin() + static_cast<std::ptrdiff_t>(length));
    kernel.multiply(window_digits(k), out.data(), length, out.data());  // in place
    std::vector<Encoding> encoded(length);
    kernel.encode(out.data(), length, flat(encoded));
    CHECK(std::equal(encoded.begin(), encoded.end(), single.begin()));
    kernel.multiply_double_encode(window_digits(k), in.data(), length, flat(encoded));
    CHECK(std::equal(encoded.begin(), encoded.end(), twice.begin()));
  }
}

TEST_CASE("kernel shared inversion survives identities and spans chunks") {
  const Kernel& kernel = *GENERATE(from_range(runnable_kernels()));
  test_support::DeterministicRandom random(12);
  const Integer k = random_integer(random, group_order());
  const std::vector<Point> zeros = identity_coset();
  const std::size_t length = GENERATE(1U, 2U, 3U, 9U, 600U, 1024U);
  const Point p = random_point(random);
  const ExtendedPoint good = to_extended(p, 3);
  const std::string expected = to_hex(encode(oracle::multiply(2 * k, p)));
  std::vector<ExtendedPoint> in(length, good);
  for (std::size_t i = 0; i < length; i += 3) {
    in[i] = to_extended(zeros[i % zeros.size()], static_cast<unsigned>(i + 1));
  }
  std::vector<Encoding> out(length);
  kernel.multiply_double_encode(window_digits(k), in.data(), length, flat(out));
  for (std::size_t i = 0; i < length; ++i) {
    CHECK(to_hex(out[i]) == (i % 3 == 0 ? to_hex(Encoding{}) : expected));
  }
  kernel.multiply_double_encode(window_digits(0), in.data(), length, flat(out));
  CHECK(std::all_of(out.begin(), out.end(), [](const Encoding& e) { return e == Encoding{}; }));
}

TEST_CASE("kernel fixed base agrees with the oracle on edge scalars at every length") {
  const Kernel& kernel = *GENERATE(from_range(runnable_kernels()));
  test_support::DeterministicRandom random(13);
  const Point other = random_point(random);
  const Point base = GENERATE_COPY(generator(), other, Point{});
  const AlignedTable table(kernel, to_extended(base, 11));
  std::vector<Integer> scalars = edge_scalars();
  scalars.push_back(random_integer(random, group_order()));
  std::vector<group::FixedDigits> digits;
  std::vector<std::string> expected;
  for (const Integer& k : scalars) {
    digits.push_back(fixed_digits(k));
    expected.push_back(to_hex(encode(oracle::multiply(k, base))));
  }
  for (std::size_t length = 0; length <= scalars.size(); ++length) {
    std::vector<ExtendedPoint> out(length);
    kernel.multiply_fixed(table.lines.data(), digits.data(), length, out.data());
    for (std::size_t i = 0; i < length; ++i) {
      INFO(kernel.name << ": " << scalars[i]);
      CHECK(to_hex(encode_with(kernel, out[i])) == expected[i]);
    }
    if (length != 0) {
      CHECK(is_well_formed(out.back()));
    }
  }
}

TEST_CASE("kernel sums and differences agree with the oracle at every length") {
  const Kernel& kernel = *GENERATE(from_range(runnable_kernels()));
  test_support::DeterministicRandom random(14);
  std::vector<Point> points(17);
  std::vector<ExtendedPoint> in(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    points[i] = i % 5 == 4 ? Point{} : random_point(random);
    in[i] = to_extended(points[i], random_integer(random, field_prime() - 1) + 1);
  }
  std::vector<ExtendedPoint> shifted(in.begin() + 1, in.end());
  shifted.push_back(in.back());  // the last is added to itself and subtracted from itself
  for (std::size_t length = 0; length <= points.size(); ++length) {
    const std::size_t from = points.size() - length;
    std::vector<ExtendedPoint> sums(length);
    std::vector<ExtendedPoint> differences(length);
    kernel.add(in.data() + from, shifted.data() + from, length, sums.data());
    kernel.subtract(in.data() + from, shifted.data() + from, length, differences.data());
    for (std::size_t i = 0; i < length; ++i) {
      const Point& a = points[from + i];
      const Point& b = points[std::min(from + i + 1, points.size() - 1)];
      CHECK(is_well_formed(sums[i]));
      CHECK(is_well_formed(differences[i]));
      CHECK(to_hex(encode_with(kernel, sums[i])) == to_hex(encode(oracle::add(a, b))));
      CHECK(to_hex(encode_with(kernel, differences[i])) == to_hex(encode(oracle::add(a, oracle::negate(b)))));
    }
  }
}

TEST_CASE("kernel multi scalar multiplication is the sum of the products") {
  const Kernel& kernel = *GENERATE(from_range(runnable_kernels()));
  const std::size_t length = GENERATE(range(0U, 18U), 100U, 101U);
  test_support::DeterministicRandom random(15 + length);
  // All with Z = 1, as decoding leaves them, or with any Z.
  const Integer z = length % 2;
  const std::vector<Integer> edges = edge_scalars();
  std::vector<group::ScalarWords> scalars(length);
  std::vector<ExtendedPoint> points(length);
  Point expected;
  Point p = random_point(random);
  for (std::size_t i = 0; i < length; ++i) {
    // Runs of equal points, opposite points and identities land in one bucket.
    p = i % 4 == 0 ? random_point(random) : i % 4 == 2 ? oracle::negate(p) : i % 7 == 6 ? Point{} : p;
    const Integer k = i % 2 == 0 ? edges[i % edges.size()] : random_integer(random, group_order());
    scalars[i] = to_words(k);
    points[i] = to_extended(p, z == 0 ? random_integer(random, field_prime() - 1) + 1 : z);
    expected = oracle::add(expected, oracle::multiply(k, p));
  }
  const ExtendedPoint sum = kernel.multi_scalar_multiply_vartime(
      reinterpret_cast<const std::uint64_t(*)[4]>(scalars.data()), points.data(), length);
  CHECK(is_well_formed(sum));
  CHECK(to_hex(encode_with(kernel, sum)) == to_hex(encode(expected)));
}

TEST_CASE("kernel multi scalar multiplication of many equals that of its halves") {
  const Kernel& kernel = *GENERATE(from_range(runnable_kernels()));
  constexpr std::size_t kLength = 1024;
  test_support::DeterministicRandom random(16);
  std::vector<group::ScalarWords> scalars(kLength);
  std::vector<ExtendedPoint> points(kLength);
  std::vector<std::uint8_t> uniform(64 * kLength);
  random.fill(uniform);
  kernel.from_uniform(uniform.data(), kLength, points.data());
  Integer sum_of_scalars = 0;
  for (auto& k : scalars) {
    const Integer value = random_integer(random, group_order());
    sum_of_scalars += value;
    k = to_words(value);
  }
  const auto* k = reinterpret_cast<const std::uint64_t(*)[4]>(scalars.data());
  const ExtendedPoint whole = kernel.multi_scalar_multiply_vartime(k, points.data(), kLength);
  const ExtendedPoint first = kernel.multi_scalar_multiply_vartime(k, points.data(), 300);
  const ExtendedPoint second =
      kernel.multi_scalar_multiply_vartime(k + 300, points.data() + 300, kLength - 300);
  ExtendedPoint sum;
  kernel.add(&first, &second, 1, &sum);
  CHECK(kernel.equal(whole, sum));

  std::fill(points.begin(), points.end(), points[0]);
  const ExtendedPoint same = kernel.multi_scalar_multiply_vartime(k, points.data(), kLength);
  CHECK(to_hex(encode_with(kernel, same)) ==
        to_hex(encode(oracle::multiply(modulo(sum_of_scalars, group_order()), from_extended(points[0])))));
}

TEST_CASE("every kernel evaluates batches of every size as scalar51 does") {
  const Kernel& reference = *group::kernel::find("scalar51");
  test_support::DeterministicRandom random(17);
  const auto k = window_digits(random_integer(random, group_order()));
  std::vector<group::ScalarWords> weights(4096);
  std::generate(weights.begin(), weights.end(),
                [&] { return to_words(random_integer(random, group_order())); });
  const auto* w = reinterpret_cast<const std::uint64_t(*)[4]>(weights.data());
  for (const std::size_t length : {16U, 64U, 256U, 1024U, 2048U, 4096U}) {
    std::vector<std::uint8_t> uniform(64 * length);
    random.fill(uniform);
    std::vector<ExtendedPoint> points(length);
    reference.from_uniform(uniform.data(), length, points.data());
    std::vector<Encoding> encoded(length);
    reference.encode(points.data(), length, flat(encoded));
    std::vector<Encoding> spoiled = encoded;
    spoiled.back().fill(0xff);
    std::vector<Encoding> expected(length);
    reference.multiply_double_encode(k, points.data(), length, flat(expected));
    const ExtendedPoint sum = reference.multi_scalar_multiply_vartime(w, points.data(), length);
    for (const Kernel* kernel : runnable_kernels()) {
      if (kernel->name == "checked" && length > 64) {
        continue;  // minutes under sanitizers; the test of the shared inversion takes it past a chunk
      }
      INFO(kernel->name << ": " << length);
      CHECK(kernel->decode(flat(encoded), length, points.data()) == length);
      std::vector<Encoding> got(length);
      kernel->multiply_double_encode(k, points.data(), length, flat(got));
      CHECK(got == expected);
      CHECK(kernel->equal(kernel->multi_scalar_multiply_vartime(w, points.data(), length), sum));
      kernel->from_uniform(uniform.data(), length, points.data());
      kernel->encode(points.data(), length, flat(got));
      CHECK(got == encoded);
      CHECK(kernel->decode(flat(spoiled), length, points.data()) == length - 1);
    }
  }
}
