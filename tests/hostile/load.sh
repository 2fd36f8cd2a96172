#!/usr/bin/env bash
# Idle, slow and many connections against the program: small, or in full where tests/run.sh was given --chaos.
set -euo pipefail
: "${BLINDBOOK:?the path of the program blindbook}" "${HOSTILE_LOAD:?the path of blindbook-hostile-load}"

if [ "${BLINDBOOK_CHAOS_POINTS:-10}" -ge 200 ]; then
  exec "$HOSTILE_LOAD" "$BLINDBOOK"
fi
exec "$HOSTILE_LOAD" "$BLINDBOOK" --idle 100 --slow 5 --requests 20 --batches 8 --size 256
