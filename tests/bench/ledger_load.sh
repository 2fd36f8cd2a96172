#!/usr/bin/env bash
# Charges for each CPU second of PostgreSQL, by one worker and by two, in turn: LEDGER_LOAD names blindbook-ledger-load. Prints
# what it prints, with the CPU seconds of all of the server's processes.
# shellcheck source-path=SCRIPTDIR
BLINDBOOK=${BLINDBOOK:-blindbook}  # not used
. "$(dirname "${BASH_SOURCE[0]}")/../cli/scene.sh"
. "$(dirname "${BASH_SOURCE[0]}")/../support/postgresql.sh"
: "${LEDGER_LOAD:?the path of blindbook-ledger-load}"

start_postgresql postgres
psql --quiet --no-psqlrc --host "$scene/postgresql" --username postgres <<<'CREATE DATABASE load;'
where="postgresql://postgres@/load?host=$scene/postgresql"

# CPU ticks of the postmaster, of the processes it has waited for, and of those that it has.
server_ticks() {
  # Some process may just end.
  { cat /proc/[0-9]*/stat 2>/dev/null || true; } | awk -v server="$postgresql_pid" '
    { process = $1; sub(/^.*\) /, "") }
    process == server { ticks += $12 + $13 + $14 + $15; next }
    $2 == server { ticks += $12 + $13 }
    END { print ticks }'
}
charge() {
  local before
  before=$(server_ticks)
  "$LEDGER_LOAD" "$where" "$@" >out
  sleep 0.2  # until the server has waited for its sessions
  python3 - "$before" "$(server_ticks)" <<'PYTHON'
import json, os, sys
it = json.load(open("out"))
seconds = (int(sys.argv[2]) - int(sys.argv[1])) / os.sysconf("SC_CLK_TCK")
it["server_cpu_seconds"] = seconds
it["charges_per_server_cpu_second"] = round(it["charges"] / seconds)
print(json.dumps(it))
PYTHON
}

charge 1 8 2500 >warm  # makes the accounts
# The tables grow, and what else runs on the machine changes: neither is to be to the good or ill of one of them.
for _ in 1 2 3; do
  charge 1 8 8000
  charge 2 8 4000
  charge 2 8 4000
  charge 1 8 8000
done
