#!/bin/bash
# kernel_symbols.sh <object>..: what the kernels among them define for others lies in their own namespaces. Code
# compiled for a large instruction set must not be one of the copies of an inline function that a linker chooses
# from: the choice would crash on other machines.
set -euo pipefail

checked=0
for object in "$@"; do
  [[ $object =~ /kernel/([a-z0-9]+)/kernel\.cpp ]] || continue
  kernel=${BASH_REMATCH[1]}
  outside=$(nm --defined-only --extern-only --demangle "$object" |
    grep -E '^[0-9a-f]+ [TWVuBDR] ' | grep -v "blindbook::group::kernel::$kernel::" |
    grep -v 'DW\.ref\.__gxx_personality_v0' || true)
  if [[ -n $outside ]]; then
    printf '%s defines for others:\n%s\n' "$kernel" "$outside"
    exit 1
  fi
  checked=$((checked + 1))
done
if ((checked < 2)); then
  echo "only $checked kernels among the objects"
  exit 1
fi
echo "$checked kernels define nothing outside their namespaces"
