#!/bin/sh
# compare_seeds.sh WRITER: the seeds that WRITER makes are those of corpus/ beside this script, and there are no others.
set -eu
corpus=$(dirname "$0")/corpus
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
"$1" "$made"
list() { (cd "$1" && find . -name 'made-*' | LC_ALL=C sort); }
[ "$(list "$made")" = "$(list "$corpus")" ]
list "$made" | while IFS= read -r seed; do
  cmp "$made/$seed" "$corpus/$seed"
done
