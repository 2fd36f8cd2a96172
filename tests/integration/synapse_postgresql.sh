#!/usr/bin/env bash
# A Synapse homeserver's users in PostgreSQL, read by a role that may see what is read and nothing else: to a match.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/servers.sh"
. "$(dirname "${BASH_SOURCE[0]}")/../support/postgresql.sh"

start_postgresql synapse
as_synapse() {
  psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --host "$scene/postgresql" --username synapse --dbname "$1"
}
as_synapse postgres <<<'CREATE DATABASE synapse;'
as_synapse synapse <"$here/synapse/users.sql"

# The words of docs/operator/synapse.md. shellcheck takes the fence for a command.
# shellcheck disable=SC2016
sed -n '/^```sql$/,/^```$/{/^```/d;p}' "$here/../../docs/operator/synapse.md" >role.sql
grep -q 'CREATE ROLE blindbook' role.sql || fail "docs/operator/synapse.md makes no role"
as_synapse synapse <role.sql
find_subscribers() {
  python3 -m blindbook_synapse.threepids --agreed "$here/synapse/agreed.txt" \
    --postgresql "host=$scene/postgresql user=${1:-blindbook} dbname=${2:-synapse}" 2>err
}
find_subscribers >found || fail "no list: $(cat err)"
expect_exactly found <"$here/synapse/found.csv"
if psql --no-psqlrc --host "$scene/postgresql" --username blindbook --dbname synapse \
  --command 'SELECT password_hash FROM users' >out 2>err; then
  fail "the role may see more than it reads"
fi
expect_err "permission denied"

make_operator_of_messenger
find_subscribers | "$BLINDBOOK" publish --data operator --subscribers - --label-template '@{}:city.example' >out 2>err ||
  fail "the list of the homeserver was not published"
start_serve --data operator --listen 127.0.0.1:0
make_token alice
python3 "$bindings/python/examples/discover.py" "$url" "$(plain_invitation)" token state +4930231250{00..09} >found
expect_exactly found <<'TEXT'
+493023125001 @anna:city.example
+493023125006 @fritz:city.example
+493023125007 @fritz:city.example
10
TEXT

# What cannot be read whole is no list.
as_synapse postgres <<<'CREATE DATABASE other;'
find_subscribers synapse other >found && fail "there was a list of no homeserver"
expect_err "blindbook: error: "
expect_nothing_on found
stop_postgresql
find_subscribers >found && fail "there was a list without a server"
expect_err "blindbook: error: "
expect_nothing_on found
