#!/usr/bin/env bash
# Subscribers out of PostgreSQL: read only, a row at a time, as the role that may see what is read; a server that fails in the
# middle, a query that does, and a connection that is refused leave the old edition, and no message holds a number or password.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"
. "$(dirname "${BASH_SOURCE[0]}")/../support/postgresql.sh"
tests=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

start_postgresql synapse
sql() {
  psql --quiet --no-psqlrc --no-align --tuples-only --set ON_ERROR_STOP=1 --host "$scene/postgresql" --username synapse \
    --dbname "${1:-postgres}"
}
sql <<<'CREATE DATABASE synapse;'
sql synapse <"$tests/bindings/synapse/users.sql"
# The words of docs/operator/synapse.md. shellcheck takes the fence for a command.
# shellcheck disable=SC2016
sed -n '/^```sql$/,/^```$/{/^```/d;p}' "$tests/../docs/operator/synapse.md" >role.sql
sql synapse <role.sql

run 0 init --data operator --operator "City of Example" --unsealed-key --root-key-out root.key
from() {
  publish=(publish --data operator --format json --subscribers "$1")
}
where="host=$scene/postgresql dbname=synapse user=blindbook"
from "postgres:$where"
run 0 "${publish[@]}" --preset synapse --opt-in-list "$tests/bindings/synapse/agreed.txt"
expect_json '[it[name] for name in ("rows", "published", "not_discoverable")]' '[5, 3, 1]'
expect_json '[row["reason"] for row in it["rejected"]]' "['local-only']"
expect_err "blindbook: postgres:"
run "$(exit_code_of source.query)" "${publish[@]}" --query "SELECT password_hash AS number FROM users"
expect_err "error: the database does not take the query: permission denied for table users"

# By a URI, a service file, and the variables of libpq.
from "postgresql://synapse@/synapse?host=$scene/postgresql"
query="SELECT '+' || address AS number, user_id AS label, user_id LIKE '@anna%' AS discoverable
  FROM user_threepids WHERE medium = 'msisdn' AND user_id <> '@gerda:city.example'"
run 0 "${publish[@]}" --query "$query"
expect_json 'it["published"], it["not_discoverable"]' '(1, 6)'
printf '[messenger]\nhost=%s\ndbname=synapse\nuser=synapse\n' "$scene/postgresql" >service.conf
from postgres:service=messenger
PGSERVICEFILE=$scene/service.conf run 0 "${publish[@]}" --query "$query" --opt-in-query "SELECT '@anna:city.example'"
expect_json 'it["published"]' 1
from postgres:
PGHOST=$scene/postgresql PGUSER=synapse PGDATABASE=synapse run 0 "${publish[@]}" --query "$query"
expect_json 'it["published"]' 1

# Nothing but reading, whatever the role may do.
from "postgres:host=$scene/postgresql dbname=synapse user=synapse"
for write in "DELETE FROM users" "SELECT 1 AS number; DELETE FROM users" "COMMIT" "COPY users TO STDOUT" "" \
  "WITH gone AS (DELETE FROM users RETURNING name) SELECT name AS number, name AS label, true AS discoverable FROM gone"; do
  run "$(exit_code_of source.query)" "${publish[@]}" --query "$write"
done
[ "$(sql synapse <<<'SELECT count(*) FROM users')" -eq 7 ] || fail "a query wrote"

# A row that makes the query fail, a backend that ends, a server that is killed: nothing of it is published, and what the
# server says of a row is not shown.
sql synapse <<'SQL'
CREATE TABLE citizen AS SELECT i, '+49302312' || (5000 + i) AS phone, '@u' || i || ':city.example' AS nick
  FROM generate_series(0, 199) AS i;
SQL
citizens="SELECT phone AS number, nick AS label, true AS discoverable FROM citizen"
run 0 "${publish[@]}" --query "$citizens ORDER BY i"
expect_json 'it["published"]' 200
before=$(sha256sum operator/public/announcement.bba)
stayed() {
  run "$(exit_code_of source.broken)" "$@"
  expect_err "the database failed before the end of the list: $failure"
  ! grep -q 23125 err || fail "a number is in an error"
  [ "$before" = "$(sha256sum operator/public/announcement.bba)" ] || fail "the old edition did not stay"
}
failure="SQLSTATE 22P02"
stayed "${publish[@]}" --query "SELECT phone AS number, nick AS label, CASE WHEN i = 150 THEN ('x' || phone)::int ELSE 1 END
  AS discoverable FROM citizen"
failure="terminating connection due to administrator command"
stayed "${publish[@]}" --query "SELECT phone AS number, nick AS label, CASE WHEN i = 150 THEN
  pg_terminate_backend(pg_backend_pid()) ELSE true END AS discoverable FROM citizen"
run "$(exit_code_of publish.shrink)" "${publish[@]}" --query "$citizens WHERE i < 100"

"$BLINDBOOK" "${publish[@]}" --query "SELECT phone AS number, nick AS label, CASE WHEN i = 150 THEN
  pg_sleep(600) IS NULL ELSE true END AS discoverable FROM citizen" >out 2>err </dev/null &
helpers+=("$!")
for try in {1..300}; do
  [ -z "$(sql <<<"SELECT 1 FROM pg_stat_activity WHERE application_name = 'blindbook' AND wait_event = 'PgSleep'")" ] || break
  [ "$try" -lt 300 ] || fail "the query never came to its row"
  sleep 0.1
done
stop_postgresql
code=0
wait "${helpers[-1]}" || code=$?
[ "$code" -eq "$(exit_code_of source.broken)" ] || fail "publish ended with $code when its server was stopped"
check_voice
expect_err "the database failed before the end of the list"
[ "$before" = "$(sha256sum operator/public/announcement.bba)" ] || fail "the old edition did not stay"
run "$(exit_code_of source.connect)" "${publish[@]}" --query "$citizens"
expect_err "no connection to the database"

# Passwords: by a file, and by nothing that others see.
sed -i 's/trust$/scram-sha-256/' "$scene/postgresql/cluster/pg_hba.conf"
start_postgresql synapse
run "$(exit_code_of source.password)" publish --data operator --query "$citizens" \
  --subscribers "postgres:host=$scene/postgresql password=correct-horse"
expect_err "a password on the command line is read by everybody" "hint: put it into ~/.pgpass"
(umask 077 && echo "*:*:*:*:correct-horse" >passfile)
from "postgres:host=$scene/postgresql dbname=synapse user=synapse passfile=$scene/passfile"
run "$(exit_code_of source.connect)" "${publish[@]}" --query "$citizens"
expect_err 'password authentication failed for user "synapse"'
! grep -q horse err || fail "an error shows the password"
from "postgres:host=$scene/postgresql dbname=synapse user=synapse"
run "$(exit_code_of source.connect)" "${publish[@]}" --query "$citizens"
expect_err "no password supplied"
