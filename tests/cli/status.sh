#!/usr/bin/env bash
# How a folder stands: 1 when something needs action.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

make_passphrase
run 0 init --data operator --operator "City of Example" --passphrase-file passphrase
run 1 status --data operator
expect_out "needs action" "nothing is published yet: blindbook publish"
expect_err "warning: the root key lies in the same folder"

printf 'number,label,discoverable\n+493023125001,@anna:city.example,yes\n' >subscribers.csv
run 0 publish --data operator --subscribers subscribers.csv --passphrase-file passphrase
run 0 status --data operator
expect_out "days left        96" "days left  399" "needs action  none"

make_address_book
start_serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase
make_token alice
run 0 discover --server "$url" --operator-key operator/public/operator.pub --token-file token --contacts contacts.vcf
run 0 status --data operator --format json
expect_json 'it["schema"]' blindbook.status/1
expect_json 'it["epochs"][0]["edition"], it["epochs"][0]["entries"], it["announcement"]["seq"]' '(1, 1, 1)'
expect_json 'it["ledger"]["accounts"], it["ledger"]["requests_remembered"], it["needs_action"]' '(1, 1, [])'
stop_serve

# A clock that jumped holds the ledger until a person has found it right.
run 0 ledger confirm-clock --data operator
expect_err "there is nothing to confirm"
python3 -c 'import sqlite3; db = sqlite3.connect("operator/blindbook.db"); db.execute("UPDATE clock SET held = 1"); db.commit()'
run 1 status --data operator
expect_out "this machine's clock jumped" "blindbook ledger confirm-clock"
run 0 ledger confirm-clock --data operator
expect_err "the clock is confirmed"
run 0 status --data operator

mv operator/slot elsewhere
run 1 status --data operator
expect_out "is lost"
run 2 status --data nowhere
