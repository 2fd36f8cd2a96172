#!/usr/bin/env bash
# The client in C: it compiles without a warning as C99, and does what the others do.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

header=$bindings/../blindbook/capi
"${CC:-cc}" -std=c99 -pedantic-errors -Wall -Wextra -Wconversion -Wshadow -Werror -I"$header" "$bindings/c/discover.c" \
  "$bindings/c/carry.c" "$BLINDBOOK_LIBRARY" -lcurl -o discover-c
export LD_LIBRARY_PATH=${BLINDBOOK_LIBRARY%/*}
discover state ./discover-c
is_refused "the token is not accepted" ./discover-c
stop_serve
is_refused "/v1/announcement" ./discover-c
does_not_begin_anew ./discover-c
is_spent ./discover-c
