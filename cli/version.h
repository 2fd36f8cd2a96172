#pragma once

#include <string>

namespace blindbook::cli {

/// What `blindbook --version` prints: version, suites and kernels of this build, and the kernel in use.
[[nodiscard]] std::string version_text();

/// "blindbook 0.1.0".
[[nodiscard]] std::string program_version();

}  // namespace blindbook::cli
