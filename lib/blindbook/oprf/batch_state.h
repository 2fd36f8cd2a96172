#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/base/secret.h"
#include "blindbook/oprf/suite.h"

/// What stands behind the move-only types of suite.h, so that no group type shows there. For suites only.
namespace blindbook::oprf {

class VerifiedBatch::State {
 public:
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  virtual ~State() = default;

  [[nodiscard]] virtual std::vector<PrfOutput> finalize() const = 0;
};

class ClientBatch::State {
 public:
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  virtual ~State() = default;

  [[nodiscard]] virtual std::size_t count() const noexcept = 0;
  [[nodiscard]] virtual ByteView elements() const noexcept = 0;
  [[nodiscard]] virtual SecretBytes save() const = 0;
  [[nodiscard]] virtual Result<std::unique_ptr<VerifiedBatch::State>> verify(ByteView evaluated_elements,
                                                                             ByteView proof) && = 0;
};

/// First byte of what ClientBatch::save() writes.
inline constexpr std::uint8_t kSavedBatchVersion = 1;

}  // namespace blindbook::oprf
