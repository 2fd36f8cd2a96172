#pragma once

#include "blindbook/service/descriptor.h"

namespace blindbook::bench {

/// While one is there, SIGINT, SIGTERM and SIGHUP end nothing by themselves: they wait on a descriptor.
class Interrupts {
 public:
  /// Throws std::system_error.
  Interrupts();

  /// Can be read once one has come.
  [[nodiscard]] int descriptor() const noexcept { return descriptor_.get(); }
  /// Whether one has.
  [[nodiscard]] bool have_come() const;

 private:
  service::Descriptor descriptor_;
};

}  // namespace blindbook::bench
