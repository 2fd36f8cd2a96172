#!/bin/sh
# compare_symbols.sh NM LIBRARY LIST: what the library defines for others is what the list says, and the library itself
# calls none of it by name: of two copies in one program each would call the other's.
set -eu
export LC_ALL=C
"$1" --dynamic --defined-only --with-symbol-versions "$2" | sed -n 's/^[0-9a-f]* [B-Zui] //p' | sort | diff "$3" -
if readelf --relocs --wide "$2" | grep 'JUMP_SLO.* bb_'; then
  echo "the library calls these by name" >&2
  exit 1
fi
