// Every kernel that this machine can run against scalar51, on the same bytes: the first 32 are a scalar, the rest
// is cut into encodings to decode and, 64 at a time, into uniform bytes to map.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "blindbook/cpu/kernel_choice.h"
#include "blindbook/group/expand_messages.h"
#include "blindbook/group/kernel/kernel.h"
#include "blindbook/group/recode.h"
#include "blindbook/group/scalar_arithmetic.h"

#include "tests/fuzz/fuzz.h"

namespace blindbook::fuzz {
namespace {

using group::kernel::ExtendedPoint;
using group::kernel::Kernel;

std::vector<const Kernel*> runnable_kernels() {
  std::vector<const Kernel*> kernels;
  for (const auto& description : cpu::kernels()) {
    if (description.runs_on(cpu::detect_features())) {
      kernels.push_back(group::kernel::find(description.name));
    }
  }
  return kernels;
}

Bytes encodings_of(const Kernel& kernel, const std::vector<ExtendedPoint>& points) {
  Bytes out(32 * points.size());
  kernel.encode(points.data(), points.size(), out.data());
  return out;
}

/// All that a kernel says of the input, in bytes that do not depend on how it represents points.
struct Answers {
  std::size_t first_bad = 0;
  Bytes decoded, mapped, products, doubled, sums, fixed, weighted, hashed;

  bool operator==(const Answers&) const = default;
};

Answers answers_of(const Kernel& kernel, const group::ScalarWords& k, ByteView input) {
  Answers out;
  const std::size_t encoded = input.size() / 32;
  std::vector<ExtendedPoint> decoded(encoded);
  out.first_bad = kernel.decode(input.data(), encoded, decoded.data());
  decoded.resize(out.first_bad);
  out.decoded = encodings_of(kernel, decoded);

  std::vector<ExtendedPoint> points(input.size() / 64);
  kernel.from_uniform(input.data(), points.size(), points.data());
  out.mapped = encodings_of(kernel, points);
  points.insert(points.end(), decoded.begin(), decoded.end());
  points.push_back({{0}, {1}, {1}, {0}});

  group::WindowDigits window;
  group::recode(k, window);
  std::vector<ExtendedPoint> products(points.size());
  kernel.multiply(window, points.data(), points.size(), products.data());
  out.products = encodings_of(kernel, products);
  out.doubled.resize(32 * points.size());
  kernel.multiply_double_encode(window, points.data(), points.size(), out.doubled.data());

  std::vector<ExtendedPoint> sums(points.size());
  kernel.add(points.data(), products.data(), points.size(), sums.data());
  kernel.subtract(sums.data(), points.data(), points.size(), sums.data());
  require(encodings_of(kernel, sums) == out.products, "a sum less one summand is the other");
  kernel.add(points.data(), products.data(), points.size(), sums.data());
  out.sums = encodings_of(kernel, sums);

  struct alignas(64) Line {
    std::array<std::byte, 64> bytes;
  };
  std::vector<Line> table((kernel.fixed_table_bytes + 63) / 64);
  kernel.make_fixed_table(points.front(), table.data());
  std::vector<group::FixedDigits> digits(points.size());
  std::vector<group::ScalarWords> weights(points.size(), k);
  for (std::size_t i = 0; i < points.size(); ++i) {
    weights[i] = i == 0 ? k : group::scalar::multiply(weights[i - 1], k);
    group::recode(weights[i], digits[i]);
  }
  std::vector<ExtendedPoint> fixed(points.size());
  kernel.multiply_fixed(table.data(), digits.data(), digits.size(), fixed.data());
  out.fixed = encodings_of(kernel, fixed);
  out.weighted = encodings_of(kernel, {kernel.multi_scalar_multiply_vartime(
                                          reinterpret_cast<const std::uint64_t(*)[4]>(weights.data()),
                                          points.data(), points.size())});

  std::vector<ByteView> messages;
  for (std::size_t i = 0; i < input.size(); i += 1 + input[i]) {
    messages.push_back(input.subspan(i, std::min<std::size_t>(input.size() - i, 1 + input[i])));
  }
  out.hashed.resize(64 * messages.size());
  group::expand_messages(kernel, messages, bytes_of("fuzz"), out.hashed);
  return out;
}

}  // namespace

void run(ByteView input) {
  std::array<std::uint8_t, 64> wide{};
  const std::size_t size = std::min<std::size_t>(32, input.size());
  std::copy_n(input.begin(), size, wide.begin());
  const group::ScalarWords k = group::scalar::reduce(wide);
  const ByteView rest = input.subspan(size);
  const Kernel& reference = *group::kernel::find("scalar51");
  const Answers expected = answers_of(reference, k, rest);
  for (const Kernel* kernel : runnable_kernels()) {
    require(answers_of(*kernel, k, rest) == expected, "all kernels answer alike");
  }
}

}  // namespace blindbook::fuzz
