#include "tests/oracle/probe/probe.h"

#include "blindbook/cpu/kernel_choice.h"

namespace blindbook::group::kernel {

namespace scalar51 {
extern const oracle::FieldProbe kFieldProbe;
}
namespace checked {
extern const oracle::FieldProbe kFieldProbe;
}
namespace avx2 {
extern const oracle::FieldProbe kFieldProbe;
}
namespace ifma {
extern const oracle::FieldProbe kFieldProbe;
}

}  // namespace blindbook::group::kernel

namespace blindbook::oracle {
namespace {

constexpr const FieldProbe* kProbes[] = {
    &group::kernel::scalar51::kFieldProbe,
    &group::kernel::checked::kFieldProbe,
#if defined(BLINDBOOK_KERNEL_AVX2)
    &group::kernel::avx2::kFieldProbe,
#endif
#if defined(BLINDBOOK_KERNEL_IFMA)
    &group::kernel::ifma::kFieldProbe,
#endif
};

}  // namespace

std::vector<const FieldProbe*> field_probes() {
  std::vector<const FieldProbe*> probes;
  for (const auto& kernel : cpu::kernels()) {
    if (!kernel.runs_on(cpu::detect_features())) {
      continue;
    }
    for (const FieldProbe* probe : kProbes) {
      if (probe->name == kernel.name) {
        probes.push_back(probe);
      }
    }
  }
  return probes;
}

}  // namespace blindbook::oracle
