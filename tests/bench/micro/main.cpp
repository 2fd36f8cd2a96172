// blindbook-microbench [--benchmark_format=json] [--benchmark_filter=REGEX] ..
// blindbook-microbench --list-kernels
//
// Google Benchmark's program, which also says in its context what was measured: kernel, commit, processor, compiler,
// and the libraries beside ours.
// BLINDBOOK_KERNEL forces a kernel, as everywhere.
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

#include <benchmark/benchmark.h>
#include <openssl/crypto.h>
#include <sodium.h>

#include "blindbook/cpu/kernel_choice.h"

#include "blindbook_commit.h"  // written by commit.cmake at each build
#include "tests/bench/this_machine.h"

namespace {

using namespace blindbook;

/// One a line, the fastest first: those that this build has and this machine runs.
void list_kernels() {
  for (const cpu::KernelDescription& kernel : cpu::kernels()) {
    if (kernel.runs_on(cpu::detect_features())) {
      std::cout << kernel.name << '\n';
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::string_view(argv[1]) == "--list-kernels") {
    list_kernels();
    return 0;
  }
  const auto& kernel = cpu::kernel_in_use();
  if (!kernel) {
    std::cerr << "blindbook-microbench: error: " << kernel.error().message
              << "\nblindbook-microbench: hint: " << kernel.error().hint << '\n';
    return 2;
  }
  if (sodium_init() < 0) {
    std::cerr << "blindbook-microbench: error: libsodium does not start\n";
    return 1;
  }
  benchmark::AddCustomContext("kernel", std::string(*kernel));
  benchmark::AddCustomContext("commit", BLINDBOOK_COMMIT);
  benchmark::AddCustomContext("cpu_model", bench::cpu_model());
  benchmark::AddCustomContext("compiler", bench::compiler());
  benchmark::AddCustomContext("libsodium", sodium_version_string());
  benchmark::AddCustomContext("openssl", OpenSSL_version(OPENSSL_VERSION_STRING));
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 2;
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
