#include "cli/version.h"

#include "blindbook/base/types.h"
#include "blindbook/cpu/kernel_choice.h"
#include "blindbook/oprf/suite.h"

namespace blindbook::cli {
namespace {

std::string suites() {
  std::string out;
  for (const SuiteId id : {SuiteId::kRistretto255Sha512, SuiteId::kP256Sha256}) {
    if (const oprf::Suite* const suite = oprf::find_suite(id)) {
      out += " " + std::string(suite->cli_name());
    }
  }
  return out;
}

std::string kernels() {
  std::string out;
  const auto& in_use = cpu::kernel_in_use();
  const cpu::Features here = cpu::detect_features();
  for (const cpu::KernelDescription& kernel : cpu::kernels()) {
    out += " " + std::string(kernel.name);
    if (in_use && *in_use == kernel.name) {
      out += " (in use)";
    } else if (!kernel.runs_on(here)) {
      out += " (not on this machine)";
    }
  }
  return out;
}

}  // namespace

std::string program_version() {
  return "blindbook " BLINDBOOK_VERSION;
}

std::string version_text() {
  return program_version() + "\nsuites:" + suites() + "\nkernels:" + kernels() + "\n";
}

}  // namespace blindbook::cli
