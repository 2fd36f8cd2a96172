// The field arithmetic of every kernel at the edges of its bounds, which random points never reach.
#include <algorithm>

#include <catch2/catch.hpp>

#include "tests/oracle/kernels.h"
#include "tests/oracle/probe/probe.h"

using namespace blindbook;
using namespace blindbook::oracle;

namespace {

using Limbs = std::vector<std::uint64_t>;  // of one lane, or of all of them side by side

std::uint64_t bound(const FieldProbe& f, std::size_t limb, unsigned quarters) {
  return std::uint64_t{quarters} << (f.limb_bits(limb) - 2);
}

/// The largest limb of an element with that bound. 2^15 quarters of 51 bits fill a word.
std::uint64_t largest(const FieldProbe& f, std::size_t limb, unsigned quarters) {
  return bound(f, limb, quarters) - 1;
}

Integer value(const FieldProbe& f, const Limbs& limbs, std::size_t lane = 0) {
  Integer out = 0;
  for (std::size_t i = f.limbs; i-- > 0;) {
    out = (out << f.limb_bits(i)) + limbs[lane * f.limbs + i];
  }
  return out;
}

bool is_within(const FieldProbe& f, const Limbs& limbs, unsigned quarters) {
  for (std::size_t i = 0; i < limbs.size(); ++i) {
    if (limbs[i] > largest(f, i % f.limbs, quarters)) {
      return false;
    }
  }
  return true;
}

/// Limbs each 0 or the largest, in all patterns; all 1; random ones.
std::vector<Limbs> elements(const FieldProbe& f, unsigned quarters) {
  std::vector<Limbs> out;
  for (unsigned pattern = 0; pattern < 1U << f.limbs; ++pattern) {
    Limbs& limbs = out.emplace_back(f.limbs);
    for (std::size_t i = 0; i < f.limbs; ++i) {
      limbs[i] = (pattern >> i & 1) != 0 ? largest(f, i, quarters) : 0;
    }
  }
  out.emplace_back(f.limbs, 1);
  test_support::DeterministicRandom random(30);
  for (int round = 0; round < 20; ++round) {
    Limbs& limbs = out.emplace_back(f.limbs);
    for (std::size_t i = 0; i < f.limbs; ++i) {
      limbs[i] = uniform_below(random, bound(f, i, quarters) - 1);
    }
  }
  return out;
}

/// Elements, as many as there are lanes, from `first` on and around.
Limbs lanes_of(const FieldProbe& f, const std::vector<Limbs>& elements, std::size_t first) {
  Limbs out;
  for (std::size_t lane = 0; lane < f.lanes; ++lane) {
    const Limbs& element = elements[(first + lane) % elements.size()];
    out.insert(out.end(), element.begin(), element.end());
  }
  return out;
}

Limbs empty(const FieldProbe& f) {
  return Limbs(f.lanes * f.limbs);
}

bool same(const Integer& a, const Integer& b) {
  return modulo(a - b, field_prime()) == 0;
}

/// Limbs below 2^limb_bits, but for the top one, which takes the rest.
Limbs limbs_of(const FieldProbe& f, Integer value) {
  Limbs out(f.limbs);
  for (std::size_t i = 0; i + 1 < f.limbs; ++i) {
    out[i] = static_cast<std::uint64_t>(value & ((Integer(1) << f.limb_bits(i)) - 1));
    value >>= f.limb_bits(i);
  }
  out.back() = static_cast<std::uint64_t>(value);
  return out;
}

}  // namespace

TEST_CASE("every kernel that runs here has a field probe") {
  const auto probes = field_probes();
  for (const Kernel* kernel : runnable_kernels()) {
    INFO(kernel->name);
    CHECK(std::any_of(probes.begin(), probes.end(),
                      [&](const FieldProbe* probe) { return probe->name == kernel->name; }));
  }
}

TEST_CASE("field products and squares of the largest operands are right and within their bound") {
  const FieldProbe& f = *GENERATE(from_range(field_probes()));
  INFO(f.name);
  const auto operands = elements(f, f.operand_quarters);
  bool right = true;
  bool within = true;
  for (std::size_t i = 0; i < operands.size(); i += f.lanes) {
    const Limbs a = lanes_of(f, operands, i);
    Limbs out = empty(f);
    f.square(a.data(), out.data());
    within = within && is_within(f, out, f.product_quarters);
    for (std::size_t lane = 0; lane < f.lanes; ++lane) {
      right = right && same(value(f, out, lane), value(f, a, lane) * value(f, a, lane));
    }
    for (std::size_t j = i % 7; j < operands.size(); j += 1 + operands.size() / 12) {
      const Limbs b = lanes_of(f, operands, operands.size() - 1 - j);
      f.multiply(a.data(), b.data(), out.data());
      within = within && is_within(f, out, f.product_quarters);
      for (std::size_t lane = 0; lane < f.lanes; ++lane) {
        right = right && same(value(f, out, lane), value(f, a, lane) * value(f, b, lane));
      }
    }
  }
  CHECK(right);
  CHECK(within);
}

TEST_CASE("field product of p - 1 with itself is one") {
  const FieldProbe& f = *GENERATE(from_range(field_probes()));
  INFO(f.name);
  const Limbs a = lanes_of(f, {limbs_of(f, field_prime() - 1)}, 0);
  Limbs product = empty(f);
  Limbs carried = empty(f);
  Limbs canonical = empty(f);
  f.multiply(a.data(), a.data(), product.data());
  f.carry(product.data(), carried.data());
  f.canonical(carried.data(), canonical.data());
  CHECK(canonical == lanes_of(f, {limbs_of(f, 1)}, 0));
}

TEST_CASE("field carry of the largest limbs keeps the value and reduces") {
  const FieldProbe& f = *GENERATE(from_range(field_probes()));
  INFO(f.name);
  const auto largest = elements(f, f.largest_quarters);
  for (std::size_t i = 0; i < largest.size(); i += f.lanes) {
    const Limbs a = lanes_of(f, largest, i);
    Limbs out = empty(f);
    f.carry(a.data(), out.data());
    for (std::size_t lane = 0; lane < f.lanes; ++lane) {
      CHECK(same(value(f, out, lane), value(f, a, lane)));
    }
    for (std::size_t limb = 0; limb < out.size(); ++limb) {
      CHECK(out[limb] < (std::uint64_t{1} << f.limb_bits(limb % f.limbs)) + (std::uint64_t{1} << 18));
    }
  }
}

TEST_CASE("field canonical form, sign and zero are right for all reduced limbs") {
  const FieldProbe& f = *GENERATE(from_range(field_probes()));
  INFO(f.name);
  auto fields = elements(f, f.field_quarters);
  for (unsigned multiple = 0; multiple <= 1; ++multiple) {
    for (int offset = -40; offset <= 40; ++offset) {  // around 0 and p
      const Integer wanted = Integer(multiple) * field_prime() + offset;
      if (wanted >= 0) {
        fields.push_back(limbs_of(f, wanted));
      }
    }
  }
  for (std::size_t i = 0; i < fields.size(); i += f.lanes) {
    const Limbs a = lanes_of(f, fields, i);
    Limbs out = empty(f);
    f.canonical(a.data(), out.data());
    const std::uint64_t negative = f.is_negative(a.data());
    const std::uint64_t zero = f.is_zero(a.data());
    for (std::size_t lane = 0; lane < f.lanes; ++lane) {
      const Integer expected = modulo(value(f, a, lane), field_prime());
      CHECK(value(f, out, lane) == expected);
      CHECK((negative >> lane & 1) == static_cast<std::uint64_t>(expected & 1));
      CHECK((zero >> lane & 1) == (expected == 0 ? 1U : 0U));
    }
    CHECK(is_within(f, out, 4));
  }
}

TEST_CASE("field differences do not go below zero at the largest subtrahend") {
  const FieldProbe& f = *GENERATE(from_range(field_probes()));
  INFO(f.name);
  const auto fields = elements(f, f.field_quarters);
  const auto products = elements(f, f.product_quarters);
  for (std::size_t i = 0; i < fields.size(); i += f.lanes) {
    const Limbs a = lanes_of(f, fields, fields.size() - 1 - i);
    const Limbs b = lanes_of(f, fields, i);
    const Limbs c = lanes_of(f, products, products.size() - 1 - i);
    const Limbs d = lanes_of(f, products, i);
    Limbs difference = empty(f);
    Limbs of_products = empty(f);
    Limbs negative = empty(f);
    f.subtract(a.data(), b.data(), difference.data());
    f.subtract_products(c.data(), d.data(), of_products.data());
    f.negate_product(d.data(), negative.data());
    for (std::size_t lane = 0; lane < f.lanes; ++lane) {
      CHECK(same(value(f, difference, lane), value(f, a, lane) - value(f, b, lane)));
      CHECK(same(value(f, of_products, lane), value(f, c, lane) - value(f, d, lane)));
      CHECK(same(value(f, negative, lane), -value(f, d, lane)));
    }
  }
}

TEST_CASE("field select takes each lane whole from one side") {
  const FieldProbe& f = *GENERATE(from_range(field_probes()));
  INFO(f.name);
  const auto fields = elements(f, f.field_quarters);
  for (std::uint64_t bits = 0; bits < std::uint64_t{1} << f.lanes; ++bits) {
    const Limbs a = lanes_of(f, fields, 3 + bits);
    const Limbs b = lanes_of(f, fields, 20 + bits);
    Limbs out = empty(f);
    f.select(bits, a.data(), b.data(), out.data());
    for (std::size_t lane = 0; lane < f.lanes; ++lane) {
      CHECK(value(f, out, lane) == value(f, (bits >> lane & 1) != 0 ? a : b, lane));
    }
  }
}

TEST_CASE(
    "field bytes come back canonical, lanes without an item repeat the last, and no other byte is written") {
  const FieldProbe& f = *GENERATE(from_range(field_probes()));
  INFO(f.name);
  const auto fields = elements(f, f.field_quarters);
  constexpr std::size_t kStride = 37;  // of no alignment
  for (std::size_t i = 0; i < fields.size(); i += f.lanes) {
    const Limbs a = lanes_of(f, fields, i);
    for (std::size_t count = 1; count <= f.lanes; ++count) {
      std::vector<std::uint8_t> bytes(kStride * f.lanes, 0xa5);
      f.store_bytes(a.data(), kStride, count, bytes.data());
      Limbs back = empty(f);
      f.load_bytes(bytes.data(), kStride, count, back.data());
      for (std::size_t lane = 0; lane < f.lanes; ++lane) {
        const std::size_t item = std::min(lane, count - 1);
        const std::span<const std::uint8_t> stored(bytes.data() + kStride * item, 32);
        CHECK(from_little_endian(stored) == modulo(value(f, a, item), field_prime()));
        CHECK(value(f, back, lane) == from_little_endian(stored));
      }
      const std::uint64_t all = f.lanes == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << f.lanes) - 1;
      CHECK(f.are_canonical(bytes.data(), kStride, count) == all);
      for (std::size_t at = 0; at < bytes.size(); ++at) {
        if (at % kStride >= 32 || at / kStride >= count) {
          CHECK(bytes[at] == 0xa5);
        }
      }
      bytes[kStride * (count - 1) + 31] |= 0x80;
      CHECK(f.are_canonical(bytes.data(), kStride, count) == (std::uint64_t{1} << (count - 1)) - 1);
      f.load_bytes(bytes.data(), kStride, count, back.data());
      CHECK(value(f, back, f.lanes - 1) == modulo(value(f, a, count - 1), field_prime()));
    }
  }
}

TEST_CASE("field memory form keeps the value of what carries give") {
  const FieldProbe& f = *GENERATE(from_range(field_probes()));
  INFO(f.name);
  for (const Limbs& one : elements(f, f.largest_quarters)) {
    const Limbs a = lanes_of(f, {one}, 0);
    Limbs carried = empty(f);
    f.carry(a.data(), carried.data());
    Limbs memory(5 * f.lanes);
    Limbs back = empty(f);
    f.store_and_load(carried.data(), memory.data(), back.data());
    CHECK(value(f, back) == value(f, carried));
    CHECK(is_within(f, back, f.field_quarters));
    for (const std::uint64_t limb : memory) {
      CHECK(limb < (std::uint64_t{1} << 51) + (std::uint64_t{1} << 45));
    }
  }
}

TEST_CASE(
    "field look ups give the row of each lane's magnitude and leave lanes with digit zero as they were") {
  const FieldProbe& f = *GENERATE(from_range(field_probes()));
  INFO(f.name);
  for (int first = -16; first <= 16; ++first) {
    std::vector<std::int8_t> digits(f.lanes);
    for (std::size_t lane = 0; lane < f.lanes; ++lane) {
      digits[lane] = static_cast<std::int8_t>((first + 16 + 5 * static_cast<int>(lane)) % 33 - 16);
    }
    std::vector<std::uint64_t> magnitudes(f.lanes);
    CHECK(f.look_up_public(digits.data(), f.lanes, magnitudes.data()));
    for (std::size_t lane = 0; lane < f.lanes; ++lane) {
      CHECK(magnitudes[lane] == static_cast<std::uint64_t>(std::abs(digits[lane])));
      digits[lane] = static_cast<std::int8_t>(digits[lane] / 2);
    }
    for (const std::size_t stride : {std::size_t{0}, std::size_t{1}}) {
      std::uint64_t negative = 0;
      CHECK(f.look_up(digits.data(), stride, f.lanes, magnitudes.data(), &negative));
      for (std::size_t lane = 0; lane < f.lanes; ++lane) {
        const int digit = digits[lane * stride];
        CHECK(magnitudes[lane] == static_cast<std::uint64_t>(std::abs(digit)));
        CHECK((negative >> lane & 1) == (digit < 0 ? 1U : 0U));
      }
    }
  }
}
