#pragma once

#include <string>

namespace blindbook::cli {

/// What `blindbook --version` prints: version, suites and kernels of this build, and the kernel in use.
[[nodiscard]] std::string version_text();

}  // namespace blindbook::cli
