#!/usr/bin/env bash
# Subscribers out of a messenger's database: a query or a preset, who agreed by column, list or query; a list that shrank.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"
tests=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

run 0 init --data operator --operator "City of Example" --unsealed-key --root-key-out root.key
sqlite3 homeserver.db <"$tests/bindings/synapse/users.sql"
synapse=(publish --data operator --subscribers sqlite:homeserver.db --format json)

# Synapse: those who agreed, by a list and by a query of the same database. Gerda's number is none.
run 0 "${synapse[@]}" --preset synapse --opt-in-list "$tests/bindings/synapse/agreed.txt"
expect_json '[it[name] for name in ("rows", "published", "not_discoverable")]' '[5, 3, 1]'
expect_json '[row["reason"] for row in it["rejected"]]' "['local-only']"
expect_err "blindbook: sqlite:homeserver.db:"
! grep -q 23125 err || fail "a number stands on standard error"
sqlite3 homeserver.db "CREATE TABLE account_data (user_id TEXT, account_data_type TEXT, content TEXT);
  INSERT INTO account_data VALUES ('@anna:city.example', 'example.city.discoverable', '{\"discoverable\":true}'),
    ('@ben:city.example', 'example.city.discoverable', '{\"discoverable\":false}')"
agreed="SELECT user_id FROM account_data WHERE account_data_type = 'example.city.discoverable'
  AND json_extract(content, '\$.discoverable') = 1"
run 0 "${synapse[@]}" --preset synapse --opt-in-query "$agreed"
expect_json 'it["published"], it["not_discoverable"]' '(1, 3)'
run "$(exit_code_of source.consent)" "${synapse[@]}" --preset synapse
expect_err "do not say who agreed" "hint: give their labels with --opt-in-list FILE or --opt-in-query SQL"

# A query of one's own; whoever withdraws in the database is in no later edition.
sqlite3 citizens.db "CREATE TABLE citizen (phone TEXT, nick TEXT, agreed BOOLEAN);
  INSERT INTO citizen VALUES ('+493023125001', '@anna:city.example', 1), ('+493023125002', '@ben:city.example', 0)"
query="SELECT phone AS number, nick AS label, agreed AS discoverable FROM citizen"
own=(publish --data operator --subscribers sqlite:citizens.db --format json)
run 0 "${own[@]}" --query "$query"
expect_json 'it["rows"], it["published"]' '(2, 1)'
sqlite3 citizens.db "UPDATE citizen SET agreed = 0"
run 0 "${own[@]}" --query "$query"
expect_json 'it["rows"], it["published"], it["entries"]' '(2, 0, 0)'
sqlite3 citizens.db "DELETE FROM citizen"
run 0 "${own[@]}" --query "$query"
expect_json 'it["rows"], it["entries"]' '(0, 0)'

# What is refused, and what it says.
run "$(exit_code_of source.query)" "${own[@]}" --query "DELETE FROM citizen"
run "$(exit_code_of source.query)" "${own[@]}" --query "SELECT phone FROM nowhere"
expect_err "error: the database does not take the query: no such table: nowhere"
run "$(exit_code_of source.columns)" "${own[@]}" --query "SELECT phone AS number, nick AS label FROM citizen"
expect_err "no single column discoverable" "hint: name them"
run "$(exit_code_of source.request)" "${own[@]}"
run "$(exit_code_of source.host)" "${own[@]}" --preset prosody --opt-in-query "SELECT 1"
expect_err "needs the host of its users" "--xmpp-host"
run 2 "${own[@]}" --preset mastodon

# A database that fails on its way, and a list that shrank, leave the old edition.
sqlite3 citizens.db "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 199)
  INSERT INTO citizen SELECT printf('+49302312%04d', 5000 + i), printf('@u%d:city.example', i), 1 FROM n"
run 0 "${own[@]}" --query "$query"
expect_json 'it["published"]' 200
before=$(sha256sum operator/public/announcement.bba)
run "$(exit_code_of source.broken)" "${own[@]}" --query "SELECT phone AS number, nick AS label,
  CASE WHEN rowid = 150 THEN json('[') ELSE agreed END AS discoverable FROM citizen"
expect_err "failed before the end of the list"
run "$(exit_code_of publish.shrink)" "${own[@]}" --query "$query WHERE rowid <= 159"
expect_err "has 159 rows, the last one had 200: more than a fifth is gone" "hint: is it whole? if it is, give --allow-shrink"
[ "$before" = "$(sha256sum operator/public/announcement.bba)" ] || fail "the old edition did not stay"
run 0 "${own[@]}" --query "$query WHERE rowid <= 160"
run 0 "${own[@]}" --query "$query WHERE rowid <= 100" --allow-shrink
expect_json 'it["published"]' 100

# Nothing of the rows stays behind but what clients fetch.
! grep -rqaE '(\+|:)?49302312[0-9]{4}|@u[0-9]+:city' operator || fail "a number or label was kept"
