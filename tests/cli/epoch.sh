#!/usr/bin/env bash
# Epochs by hand: what stands, the next one announced, and an emergency under a running service.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

init_operator
run 0 epoch list --data operator
expect_err "nothing is published yet"
run "$(exit_code_of epoch.unpublished)" epoch announce --data operator --passphrase-file passphrase
rm -r operator root.key
make_operator
make_address_book

run "$(exit_code_of usage.epoch)" epoch --data operator
expect_err "blindbook epoch list"
run 2 epoch list --data operator --emergency
expect_err "has no use for --emergency"
run 2 epoch rotate --data operator
expect_err "--subscribers SRC is missing"
run 2 epoch rotate --data operator --subscribers subscribers.csv --epoch 00
expect_err "has no use for --epoch"
run 2 epoch end --data operator --epoch 00 --passphrase-file passphrase
expect_err "--epoch cannot be '00'"

run 0 epoch list --data operator --format json
expect_json 'it["schema"], [epoch["stage"] for epoch in it["epochs"]], it["epochs"][0]["key"]' \
  "('blindbook.epoch/1', ['current'], 'there')"
expect_json 'it["next"]["not_before"] - it["epochs"][0]["not_before"], it["next"]["not_before"] - it["next"]["announced_from"]' \
  "(7776000, 259200)"
first=$(json 'it["epochs"][0]["epoch"]')

# Nothing has ended, and nothing follows.
run 0 epoch end --data operator
expect_err "there is nothing to destroy"
run "$(exit_code_of epoch.last)" epoch end --epoch "$first" --data operator --passphrase-file passphrase
expect_err "blindbook epoch rotate --emergency"
run "$(exit_code_of epoch.not-due)" epoch rotate --data operator --subscribers subscribers.csv --passphrase-file passphrase
expect_err "blindbook epoch announce"

# Announced, it has no directory; then each publication writes both; before it begins it cannot take over.
run 0 epoch announce --data operator --passphrase-file passphrase --format json
next=$(json 'it["epoch"]')
run 0 epoch list --data operator
expect_out "announced" "current" "$first" "$next"
run "$(exit_code_of epoch.announced)" epoch announce --data operator --passphrase-file passphrase
run 0 status --data operator
run 0 publish --data operator --subscribers subscribers.csv --passphrase-file passphrase --format json
expect_json 'it["epoch"] == "'"$first"'", it["opened"], it["cut_off"]' "(True, [], [])"
[ -e "operator/public/directory/$next/1.bbd" ] || fail "the next epoch has no directory"
run "$(exit_code_of epoch.not-due)" epoch rotate --data operator --subscribers subscribers.csv --passphrase-file passphrase
expect_err "blindbook epoch list"

# A client with state and one without come through an emergency; what was cut off is gone for everybody.
start_serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase
make_token alice
discover() {
  run 0 discover --server "$url" --operator-key operator/public/operator.pub --token-file token --region DE \
    --contacts contacts.vcf --format json "$@"
  expect_json '[match["name"] for match in it["matches"]]' "['Anna Muster', 'Work, Anna', 'Carla']"
}
discover --state known/state
expect_json 'it["epoch"]' "$first"
curl -sf -o old.bbd "$url/v1/directory/$first/2" || fail "the old directory is not served"
[ "$(curl -s -o /dev/null -w '%{http_code}' "$url/v1/directory/$next/1")" = 404 ] || fail "served before not_before"
run 0 epoch rotate --emergency --data operator --subscribers subscribers.csv --passphrase-file passphrase --format json
cp out rotated
expect_json 'sorted(cut["epoch"] for cut in it["cut_off"]) == sorted(["'"$first"'", "'"$next"'"]), len(it["opened"])' "(True, 1)"
expect_err "every client evaluates its whole address book anew at its next run" "the ledger knows 1 account" \
  "can try every number against any copy of its directories, editions 1 to 2, the last with 3 subscribers" \
  "epoch $first: key, slot, directories and patches are removed from the live system; the operator declares that no copy exists"
for epoch in "$first" "$next"; do
  for left in "keys/$epoch.key" "slot/$epoch.slot" "public/directory/$epoch" "public/patch/$epoch"; do
    [ ! -e "operator/$left" ] || fail "$left is still there"
  done
done
for _ in $(seq 100); do
  [ "$(curl -s -o /dev/null -w '%{http_code}' "$url/v1/directory/$first/2")" = 200 ] || break
  sleep 0.1
done
[ "$(curl -s -o /dev/null -w '%{http_code}' "$url/v1/directory/$first/2")" = 404 ] || fail "the old directory is still served"
for state in known fresh; do
  discover --state $state/state
  expect_json 'it["epoch"] == "'"$(python3 -c 'import json; print(json.load(open("rotated"))["epoch"])')"'", it["evaluated"]' "(True, 4)"
done
discover --state known/state
expect_json 'it["evaluated"]' 0
stop_serve
