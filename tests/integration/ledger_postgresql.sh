#!/usr/bin/env bash
# The tests of the ledger over PostgreSQL; then two workers that share one there, its server going and coming back, and the
# other commands on such a ledger.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/../cli/scene.sh"
. "$(dirname "${BASH_SOURCE[0]}")/../support/postgresql.sh"

start_postgresql postgres
sql() {
  psql --quiet --no-psqlrc --no-align --tuples-only --set ON_ERROR_STOP=1 --host "$scene/postgresql" --username postgres \
    --dbname "${1:-blindbook}"
}
# The words of docs/operator/postgresql.md. shellcheck takes the fence for a command.
# shellcheck disable=SC2016
sed -n '/^```sql$/,/^```$/{/^```/d;p}' "$(dirname "$errors")/../operator/postgresql.md" >role.sql
grep -q 'CREATE ROLE blindbook' role.sql || fail "docs/operator/postgresql.md makes no role"
sql postgres <role.sql

sql postgres <<<'CREATE DATABASE tests;'
BLINDBOOK_TEST_POSTGRESQL="postgresql://postgres@/tests?host=$scene/postgresql" \
  "${LEDGER_TEST:?the tests of the ledger over PostgreSQL}" --warn NoTests >tests.log 2>&1 || fail "$(cat tests.log)"

make_operator
allow 100
make_address_book
where="postgresql://blindbook@/blindbook?host=$scene/postgresql"
start_serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase --ledger "$where"
grep -q "to an account that it does not know it gives a fresh allowance" serve.log || fail "the change of ledger is not said"
first=$url
helpers+=("$serve_pid")
# The second worker takes the ledger from the config.
start_serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase
! grep -q "fresh allowance" serve.log || fail "a change of ledger is said that was none"
ask() {
  local code=$1 worker=$2
  shift 2
  run "$code" discover --server "$worker" --operator-key operator/public/operator.pub --token-file token \
    --contacts contacts.vcf --region DE "$@"
}
make_token alice
ask 0 "$first" --format json
expect_json 'it["allowance_left"]' 36
ask 3 "$url" --no-state  # what the first worker charged the second knows
expect_err "allowance is spent"
run 0 status --data operator --format json
expect_json '[it["ledger"][name] for name in ("engine", "accounts", "requests_remembered")]' "['postgresql', 1, 1]"
[ "$(sql <<<"SELECT evaluations FROM blindbook.daily WHERE issuer = ''")" -eq 64 ] || fail "the day does not hold the batch"
python3 - <<'PYTHON'
import sqlite3
assert sqlite3.connect("operator/blindbook.db").execute("SELECT count(*) FROM account").fetchone() == (0,)
PYTHON

run 0 backup --data operator --to backup
expect_err "the ledger is in PostgreSQL, and this backup does not hold it"
run 0 ledger confirm-clock --data operator
expect_err "there is nothing to confirm"
sql <<<'UPDATE blindbook.clock SET held = true'
run 1 status --data operator
expect_out "this machine's clock jumped"
run 0 ledger confirm-clock --data operator
expect_err "the clock is confirmed"

# Without its database a service refuses, and goes on by itself when there is one again.
make_token bert
stop_postgresql
ask 1 "$url" --state bert.state
expect_err "try again in 60 s"
run 1 status --data operator
expect_out "no connection to the database"
run 1 ledger forget --data operator --account alice
expect_err "no connection to the database"
start_postgresql postgres
ask 0 "$url" --state bert.state --format json
expect_json 'it["allowance_left"]' 20  # the batch that waited, and a small one of this run
ask 3 "$first" --no-state

run 0 ledger forget --data operator --account alice
expect_err "the account is forgotten, with 1 request"
make_token alice
ask 0 "$first" --no-state
stop_serve

run "$(exit_code_of ledger.password)" serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase \
  --ledger "postgresql://blindbook:correct-horse@/blindbook?host=$scene/postgresql"
expect_err "a password on the command line is read by everybody"
! grep -q correct-horse err || fail "an error shows the password"
run "$(exit_code_of ledger.connection)" serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase --ledger mysql:
start_serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase --ledger sqlite
ask 0 "$url" --no-state
stop_serve
[ "$(grep -c '"command":"serve --ledger"' operator/audit.jsonl)" -eq 2 ] || fail "the audit trail does not know of both changes"

# What the server logged names no account.
! grep -E 'alice|bert' "$scene"/postgresql.log || fail "an account is in the log of PostgreSQL"
