#include "blindbook/model/sizes.h"

#include <algorithm>
#include <cmath>

#include "blindbook/model/false_positives.h"

namespace blindbook::model {
namespace {

/// A compressed point and two scalars of RFC 9497: section 4.1 and 4.3.
constexpr std::uint64_t element_bytes(SuiteId suite) {
  return suite == SuiteId::kP256Sha256 ? 33 : 32;
}
constexpr std::uint64_t kProofBytes = 64;
constexpr std::uint64_t kRequestHeaderBytes = 4 + 1 + 1 + 16 + 2;
constexpr std::uint64_t kAnswerHeaderBytes = 4 + 1 + 16 + 4;
constexpr std::uint64_t kDirectoryHeaderBytes = 8 + 1 + 1 + 16 + 4 + 1 + 1 + 8 + 2 + 1;
constexpr std::uint64_t kPatchHeaderBytes = 8 + 1 + 1 + 16 + 4 + 4 + 2 + 8 + 1 + 8 + 8 + 1;
constexpr std::uint64_t kSivBytes = 8;
constexpr std::uint64_t kResolveRequestBytes = 4 + 1 + 1 + 16 + 16;
constexpr std::uint64_t kResolveAnswerHeaderBytes = 4 + 1 + 16;

/// Of announcements as they are signed, with six digits of entries; a test holds them.
/// @{
constexpr std::uint64_t kAnnouncementBytes = 1'040;
constexpr std::uint64_t kAnnouncedPatchBytes = 101;
/// @}
constexpr std::uint64_t kMostPatches = 30;

/// E[floor(gap / 2^k)] = sum over j >= 1 of P(gap >= j 2^k), where n uniform points leave a gap of at least a
/// share s of the range with probability (1 - s)^n (David, Nagaraja, Order Statistics, section 6.4).
double expected_quotient(double n, double step) {
  double sum = 0;
  for (double j = 1; j * step < 1; ++j) {
    const double term = std::exp(n * std::log1p(-j * step));
    sum += term;
    if (term < 1e-18) {
      break;
    }
  }
  return sum;
}

/// Expected bytes of `n` numbers of [0, range) in ascending order, in Golomb-Rice code with the best k.
std::uint64_t expected_code_bytes(double n, double range) {
  if (n <= 0) {
    return 0;
  }
  double best = 0;
  for (double k = 0, step = 1 / range; step < 1; ++k, step *= 2) {
    // Below 2^10 quotients a number, or else this k is far from the best.
    if (n * step < 0x1p-10) {
      continue;
    }
    const double bits = 1 + k + expected_quotient(n, step);
    best = best == 0 || bits < best ? bits : best;
  }
  return static_cast<std::uint64_t>(std::ceil(n * best / 8));
}

}  // namespace

EvaluateBytes evaluate_bytes(std::uint64_t batch, SuiteId suite) {
  return {.request = kRequestHeaderBytes + batch * element_bytes(suite),
          .answer = kAnswerHeaderBytes + batch * element_bytes(suite) + kProofBytes};
}

std::uint64_t directory_bytes(const DirectoryShape& shape, std::uint64_t body_bits) {
  const std::uint64_t row = shape.label_bytes == 0 ? 0 : kSivBytes + shape.label_bytes;
  return kDirectoryHeaderBytes + shape.template_bytes + (body_bits + 7) / 8 + shape.entries * row;
}

RunBytes run_bytes(std::span<const std::uint32_t> batches, std::uint64_t announcement,
                   std::uint64_t directory, SuiteId suite) {
  RunBytes out{.sent = 0, .received = announcement + directory};
  for (const std::uint32_t batch : batches) {
    const EvaluateBytes bytes = evaluate_bytes(batch, suite);
    out.sent += bytes.request;
    out.received += bytes.answer;
  }
  return out;
}

ExpectedCode expected_code(std::uint64_t entries, unsigned tag_bits) {
  const double n = static_cast<double>(entries);
  ExpectedCode best;
  for (unsigned k = 0; k < tag_bits; ++k) {
    const double step = std::ldexp(1.0, static_cast<int>(k) - static_cast<int>(tag_bits));
    // Below 2^10 quotients an entry, or else this k is far from the best.
    if (n * step < 0x1p-10) {
      continue;
    }
    const double bits = 1 + static_cast<double>(k) + expected_quotient(n, step);
    if (best.bits_per_entry == 0 || bits < best.bits_per_entry) {
      best.rice = k;
      best.bits_per_entry = bits;
    }
  }
  best.bits_above_bound = best.bits_per_entry - (static_cast<double>(tag_bits) - std::log2(n));
  return best;
}

std::uint64_t expected_directory_bytes(const DirectoryShape& shape) {
  if (shape.entries == 0) {
    return directory_bytes(shape, 0);
  }
  const double bits = expected_code(shape.entries).bits_per_entry * static_cast<double>(shape.entries);
  return directory_bytes(shape, static_cast<std::uint64_t>(std::llround(bits)));
}

std::uint64_t expected_patch_bytes(const DirectoryShape& shape, const Churn& churn) {
  const std::uint64_t row = shape.label_bytes == 0 ? 0 : kSivBytes + shape.label_bytes;
  return kPatchHeaderBytes +
         expected_code_bytes(churn.leaves, static_cast<double>(shape.entries)) +
         expected_code_bytes(churn.joins, std::ldexp(1.0, static_cast<int>(kTagBits))) +
         static_cast<std::uint64_t>(std::ceil(churn.joins * static_cast<double>(row)));
}

std::uint64_t expected_announcement_bytes(std::uint64_t editions) {
  const std::uint64_t patches = std::min(kMostPatches, editions == 0 ? 0 : editions - 1);
  return kAnnouncementBytes + patches * kAnnouncedPatchBytes;
}

EvaluateBytes resolve_exchange(std::uint64_t label_bytes) {
  return {.request = kResolveRequestBytes, .answer = kResolveAnswerHeaderBytes + kSivBytes + label_bytes};
}

std::uint64_t resolve_bytes(std::uint64_t label_bytes) {
  const EvaluateBytes bytes = resolve_exchange(label_bytes);
  return bytes.request + bytes.answer;
}

}  // namespace blindbook::model
