#pragma once

#include <vector>

#include "blindbook/capi/blindbook.h"
#include "blindbook/protocol/server.h"

/// What evaluates a request, and what builds a directory, share.
struct bb_server {
  std::vector<blindbook::protocol::Evaluator> epochs;  // one key each

  /// Null when it is unknown.
  [[nodiscard]] const blindbook::protocol::EpochKey* find(const blindbook::EpochId& epoch) const noexcept {
    for (const blindbook::protocol::Evaluator& evaluator : epochs) {
      if (const auto* key = evaluator.find(epoch)) {
        return key;
      }
    }
    return nullptr;
  }
};
