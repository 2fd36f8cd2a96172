#!/usr/bin/env bash
# tests/run.sh [--sanitize] [--integration] [--fuzz] [--bench] [--year-at N] [--chaos] [--tidy] [--no-install]
#
# Installs what is missing, builds the preset `release` with warnings as errors and runs every test but those of --integration. The last
# line of a run is ctest's closing line: "100% tests passed, 0 tests failed out of N".
#   --sanitize    afterwards the library and its tests again under AddressSanitizer and UndefinedBehaviorSanitizer, and
#                 the tests of what runs in threads under ThreadSanitizer; each run ends in a closing line of its own
#   --integration nothing else: what needs servers of others, which it installs, and Debian packages, installed into a new
#                 system
#   --fuzz        nothing else: each fuzz target under libFuzzer for 60 seconds, or $BLINDBOOK_FUZZ_SECONDS; what it finds
#                 beyond its corpus stays in build/fuzz/tests/fuzz/found and is where the next run begins
#   --bench       nothing else: builds the benchmarks and holds what they gain over libsodium and OpenSSL against the bounds
#                 of tests/bench/ratios.json, for each kernel of this machine, whole commands against those of
#                 tests/bench/commands.json, and what `blindbook estimate` says against runs; seven minutes, on a machine
#                 that does nothing else
#   --year-at N   nothing else: the year of tests/year with N subscribers, where the tests have 3,000, and a table of what it
#                 cost; a quarter of an hour for each 500,000
#   --tidy        first clang-format and clang-tidy over every source
#   --chaos       kills, cuts off and fills disks at 200 random points, where 10 do otherwise, has 100,000 requests sent again,
#                 where 1,000 are, and serves among 2,100 hostile connections, where 110 do; beside --integration too
#   --no-install  never calls apt
set -euo pipefail
cd "$(dirname "$0")/.."

sanitize=false
integration=false
fuzz=false
bench=false
year_at=
tidy=false
install=true
while [ $# -gt 0 ]; do
  case $1 in
    --sanitize) sanitize=true ;;
    --integration) integration=true ;;
    --fuzz) fuzz=true ;;
    --bench) bench=true ;;
    --tidy) tidy=true ;;
    --year-at)
      year_at=${2:?--year-at takes a number}
      shift
      ;;
    --chaos) export BLINDBOOK_CHAOS_POINTS=200 ;;
    --no-install) install=false ;;
    -h | --help)
      sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"
      exit 0
      ;;
    *)
      echo "tests/run.sh: unknown option '$1', see --help" >&2
      exit 2
      ;;
  esac
  shift
done

if $install; then
  lists=(lib/cmake/packages/build.txt tests/packages.txt)
  if $integration; then
    lists+=(tests/integration/packages.txt)
  fi
  lib/cmake/packages/install.sh --no-start "${lists[@]}"
fi

# The tools of the packages, whatever else stands in the PATH: a wrapper round python3 that takes a third of a second is
# met a thousand times.
export PATH=/usr/bin:$PATH

launcher=()
if command -v ccache >/dev/null; then
  launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
fi

# Each stretching of a passphrase touches 128 MiB anew; in huge pages that takes half the time.
export GLIBC_TUNABLES=${GLIBC_TUNABLES:-glibc.malloc.hugetlb=1}

# ctest says how long it took below its closing line, which belongs at the end.
closing_line_last() {
  local line closing=
  while IFS= read -r line; do
    case $line in
      *'% tests passed, '*) closing=$line ;;
      *) printf '%s\n' "$line" ;;
    esac
  done
  printf '%s\n' "$closing"
}

# configure_and_build PRESET [CMAKE OPTION..]
configure_and_build() {
  local preset=$1
  shift
  cmake --preset "$preset" "${launcher[@]}" "$@"
  cmake --build --preset "$preset"
}

# run_tests PRESET [CTEST OPTION..]
run_tests() {
  local preset=$1
  shift
  ctest --preset "$preset" --parallel "$(nproc)" --no-label-summary "$@" | closing_line_last
}

list_sources() {
  find lib protocol cli tests \( -name '*.h' -o -name '*.cpp' \) | sort
}

if $tidy; then
  list_sources | xargs clang-format-14 --dry-run --Werror
  cmake --preset tidy
  # Headers are read with the sources that include them; cases that must not compile are nobody's model.
  list_sources | grep '\.cpp$' | grep --invert-match '^tests/compile_fail/' |
    xargs --max-procs="$(nproc)" --max-args=4 clang-tidy-14 -p build/tidy --quiet 2>&1 |
    { grep --invert-match ' warnings generated\.$' || true; }  # counts what it then leaves out
fi

if $fuzz; then
  configure_and_build fuzz -DBLINDBOOK_FUZZ_SECONDS="${BLINDBOOK_FUZZ_SECONDS:-60}"
  run_tests fuzz
  exit
fi

if $bench; then
  cmake --preset release "${launcher[@]}" -DBLINDBOOK_BUILD_BENCH=ON
  cmake --build --preset release --target blindbook-microbench blindbook blindbook-serve-load blindbook-open-load blindbook-setup-threads blindbook-bench make-subscribers
  kept=0
  tests/bench/check_ratios || kept=$?
  tests/bench/check_commands || kept=$?
  tests/bench/check_estimate || kept=$?
  exit "$kept"
fi

if [ -n "$year_at" ]; then
  cmake --preset release "${launcher[@]}"
  cmake --build --preset release --target test_year
  BLINDBOOK_YEAR_AT=$year_at exec build/release/tests/year/test_year
fi

if $integration; then
  configure_and_build release -DBLINDBOOK_TEST_INTEGRATION=ON
  run_tests release --label-regex '^integration$'
  exit
fi

configure_and_build release -DBLINDBOOK_TEST_INTEGRATION=OFF
run_tests release

if $sanitize; then
  for preset in asan tsan; do
    configure_and_build "$preset"
    run_tests "$preset"
  done
fi
