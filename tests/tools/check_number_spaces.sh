#!/bin/sh
# check_number_spaces.sh PROGRAM CSV: counts small number spaces with count-number-space and compares them with the rows
# "mobile" of the data file. Large ones take too long; lengths that vary make them large.
set -eu
counted=$("$1" BE CH CZ DK FR LU NO SE)
listed=$(printf '%s\n' "$counted" | while read -r country _; do
  sed -n "s/^$country,\([0-9]*\),mobile,libphonenumber .*/$country \1/p" "$2"
done)
if [ "$counted" != "$listed" ]; then
  printf 'counted:\n%s\nlisted:\n%s\n' "$counted" "$listed" >&2
  exit 1
fi
