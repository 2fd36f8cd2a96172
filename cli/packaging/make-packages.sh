#!/usr/bin/env bash
# cli/packaging/make-packages.sh [--no-install]: installs what is missing, builds, and makes the Debian packages libblindbook0,
# libblindbook-dev, blindbook and python3-blindbook in build/package/debian. Two runs over the same sources, with the same
# compiler, make the same bytes.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [ "${1-}" != --no-install ]; then
  lib/cmake/packages/install.sh lib/cmake/packages/build.txt lib/cmake/packages/package.txt
fi

# The time of everything that is made, and not of the clock.
SOURCE_DATE_EPOCH=$(dpkg-parsechangelog --file cli/packaging/debian/changelog --show-field Timestamp)
export SOURCE_DATE_EPOCH

launcher=()
if command -v ccache >/dev/null; then
  launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
fi
cmake --preset package "${launcher[@]}"
cmake --build --preset package
rm -rf build/package/debian
umask 022
(cd build/package && cpack)
rm -rf build/package/debian/_CPack_Packages
