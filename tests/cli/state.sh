#!/usr/bin/env bash
# What a client remembers: nothing is charged twice, nothing goes back, a fork leaves evidence.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

begin_with_alice

ask_for_contacts 0 --format json
expect_json '[it[name] for name in ("chain", "evaluated", "allowance_left")]' "['first', 4, 8128]"
expect_nothing_on err
fingerprint=$(ls state-home/blindbook)
state=state-home/blindbook/$fingerprint
run 0 inspect "$state/state"
expect_out "client state, sealed"
[ "$(stat -c %a "$state/state" "$state/state.key" | sort -u)" = 600 ] || fail "others may read the state"

# The same numbers again: known, and the directory lies here. A batch of 16 goes out all the same.
ask_for_contacts 0 --format json
expect_json '[it[name] for name in ("chain", "evaluated", "allowance_left")]' "['same', 0, 8112]"
expect_json '[r["method"] for r in it["disclosed"]["requests"]]' "['GET', 'POST']"
expect_json '[match["name"] for match in it["matches"]]' "['Anna Muster', 'Work, Anna', 'Carla']"

# Results are about the books given now.
printf '%s\r\n' BEGIN:VCARD VERSION:3.0 FN:Bert TEL:+493023125002 END:VCARD >bert.vcf
run 0 discover --server "$url" --operator-key operator/public/operator.pub --token-file token --contacts bert.vcf \
  --format json
expect_json 'it["evaluated"], [match["name"] for match in it["matches"]]' "(1, ['Bert'])"

# A state of its own, and none.
ask_for_contacts 0 --format json --state own/state
expect_json 'it["chain"]' first
[ -s own/state ] || fail "there is no state of its own"
[ -s own/state.key ] || fail "the state has no key"
ask_for_contacts 0 --format json --no-state
expect_err "warning: without state, a rollback, a fork and a revoked key go unnoticed"

# A run that was cut off between its request and the answer: the next one sends the same bytes, which are charged once.
start_cutter operator
run 1 discover --server "http://127.0.0.1:$port" --operator-key operator/public/operator.pub --token-file token \
  --region DE --contacts contacts.vcf --state cut/state
expect_nothing_on out
ask_for_contacts 0 --format json --state cut/state
expect_json 'it["disclosed"]["resumed"], it["evaluated"], it["disclosed"]["unanswered"]' '([64], 4, 0)'
expect_json '[match["name"] for match in it["matches"]]' "['Anna Muster', 'Work, Anna', 'Carla']"

# A later edition follows; then the service goes back, or tells another story.
cp -a operator older
cp -a operator other
stop_serve
run 0 publish --data operator --subscribers subscribers.csv --passphrase-file passphrase
start_serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase
ask_for_contacts 0 --format json
expect_json 'it["chain"], it["edition"]' "('next', 2)"
stop_serve

start_serve --data older --listen 127.0.0.1:0 --passphrase-file passphrase
ask_for_contacts "$(exit_code_of history.rollback)" --format json
expect_err "error: "
expect_nothing_on out
stop_serve

sed -i /anna/d subscribers.csv
run 0 publish --data other --subscribers subscribers.csv --passphrase-file passphrase
start_serve --data other --listen 127.0.0.1:0 --passphrase-file passphrase
ask_for_contacts "$(exit_code_of history.fork)" --format json
expect_err "evidence"
stop_serve
run 0 inspect "$state"/evidence-*.bbe --operator-key operator/public/operator.pub --format json
expect_json '[a["seq"] for a in it["announcements"]], it["announcements"][0]["head"] != it["announcements"][1]["head"]' \
  '([2, 2], True)'

# A state without its key, or of another key, is not guessed at.
start_serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase
cp -a own broken
rm broken/state.key
ask_for_contacts 2 --format json --state broken/state
expect_err "hint: "
cp "$state/state.key" broken/state.key
ask_for_contacts 2 --format json --state broken/state
stop_serve
