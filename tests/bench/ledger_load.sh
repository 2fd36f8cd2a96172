#!/usr/bin/env bash
# Charges for each CPU second of PostgreSQL: by one worker, by two that share a ledger, and by two on ledgers of their own,
# which keep the cores as busy and share nothing. LEDGER_LOAD names blindbook-ledger-load. Prints one object of JSON, with the
# CPU seconds of all of the server's processes in each of ROUNDS rounds (5) and the medians of their ratios.
# shellcheck source-path=SCRIPTDIR/..
BLINDBOOK=${BLINDBOOK:-blindbook}  # not used
tests=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$tests/cli/scene.sh"
. "$tests/support/postgresql.sh"
: "${LEDGER_LOAD:?the path of blindbook-ledger-load}"

start_postgresql postgres
ledger() {
  echo "postgresql://postgres@/$1?host=$scene/postgresql"
}
for name in one other; do
  psql --quiet --no-psqlrc --host "$scene/postgresql" --username postgres <<<"CREATE DATABASE $name;"
done

# CPU ticks of the postmaster, of the processes it has waited for, and of those that it has.
server_ticks() {
  # Some process may just end.
  { cat /proc/[0-9]*/stat 2>/dev/null || true; } | awk -v server="$postgresql_pid" '
    { process = $1; sub(/^.*\) /, "") }
    process == server { ticks += $12 + $13 + $14 + $15; next }
    $2 == server { ticks += $12 + $13 }
    END { print ticks }'
}
# What the charges of a function cost.
ticks_of() {
  local before
  before=$(server_ticks)
  "$@"
  sleep 0.2  # until the server has waited for its sessions
  echo $(($(server_ticks) - before))
}
one_worker() {
  "$LEDGER_LOAD" "$(ledger one)" 1 8 8000 >>charged
}
two_sharing() {
  "$LEDGER_LOAD" "$(ledger one)" 2 8 4000 >>charged
}
two_apart() {
  local first
  "$LEDGER_LOAD" "$(ledger one)" 1 8 4000 >>charged &
  first=$!
  "$LEDGER_LOAD" "$(ledger other)" 1 8 4000 >>charged
  wait "$first"
}

for name in one other; do
  "$LEDGER_LOAD" "$(ledger "$name")" 1 8 2500 >warm  # makes the accounts
done
# The tables grow, and what else runs on the machine changes: neither is to be to the good or ill of one of them.
for ((round = 0; round < ${ROUNDS:-5}; ++round)); do
  echo "$(ticks_of one_worker) $(ticks_of two_sharing) $(ticks_of two_apart)" >>rounds
done
python3 - <<'PYTHON'
import json, os, statistics

second = os.sysconf("SC_CLK_TCK")
rounds = [[int(ticks) / second for ticks in line.split()] for line in open("rounds")]
charges = 64000
print(json.dumps({
    "charges": charges,
    "server_cpu_seconds": [dict(zip(("one_worker", "two_sharing", "two_apart"), it)) for it in rounds],
    "charges_per_server_cpu_second": round(charges / statistics.median(it[0] for it in rounds)),
    "two_sharing_to_one": round(statistics.median(it[0] / it[1] for it in rounds), 3),
    "two_sharing_to_two_apart": round(statistics.median(it[2] / it[1] for it in rounds), 3),
}, indent=2))
PYTHON
