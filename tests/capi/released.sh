#!/bin/sh
# released.sh COMPILER HEADER-FOLDER: blindbook.h keeps what released.c says of it; a header that does not is noticed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

compiles() {
  "$1" -x c -std=c17 -Wall -Wextra -Werror -fsyntax-only -I"$2" "$here/released.c"
}

compiles "$1" "$2"
for change in 's/BB_SPENT = 5/BB_SPENT = 7/' 's/size_t max_items/unsigned max_items/' 's/char rule\[64\]/char rule[60]/' \
  's/uint64_t issued_at;/uint64_t unused; uint64_t issued_at;/'; do
  sed "$change" "$2/blindbook.h" >"$folder/blindbook.h"
  if cmp -s "$2/blindbook.h" "$folder/blindbook.h"; then
    echo "nothing to change: $change" >&2
    exit 1
  fi
  if compiles "$1" "$folder" 2>"$folder/errors"; then
    echo "unnoticed: $change" >&2
    exit 1
  fi
done
