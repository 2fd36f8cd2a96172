#!/bin/sh
# compare_symbols.sh NM LIBRARY LIST: the functions that the library defines for others are those of the list.
set -eu
export LC_ALL=C
"$1" --dynamic --defined-only --with-symbol-versions "$2" | sed -n 's/^[0-9a-f]* [TDBRVW] //p' | sort | diff "$3" -
