#!/usr/bin/env bash
# A service that publishes by itself, and a client that comes by a timer.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

make_passphrase
make_address_book
run 0 init --data operator --operator "City of Example" --passphrase-file passphrase --root-key-out root.key
printf 'number,label,discoverable\n+493023125001,@anna:city.example,yes\n' >subscribers.csv
serve=(serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase)

run "$(exit_code_of usage.publish-at)" "${serve[@]}" --subscribers subscribers.csv
expect_err "says what --publish-at publishes"
run 2 "${serve[@]}" --region DE
run 2 "${serve[@]}" --publish-at 3:00 --subscribers subscribers.csv
expect_err "--publish-at cannot be '3:00'"
run 2 "${serve[@]}" --publish-at 03:00
expect_err "give --subscribers SRC"
run 2 "${serve[@]}" --publish-at 03:00 --subscribers -
run 2 "${serve[@]}" --publish-at 03:00 --subscribers jsonl:-
run 2 "${serve[@]}" --publish-at 03:00 --subscribers missing.csv
expect_err "missing.csv"

# What was never published is published before anything is served. The next time is the hour.
hour=$(date -u -d '+6 hours' +%H:00)
start_serve "${serve[@]:1}" --publish-at "$hour" --subscribers subscribers.csv
grep -q '"event":"published","seq":1,"published":1,"rejected":0' serve.log || fail "the first publication is not in the log"
run 0 status --data operator --format json
[ "$(date -u -d "@$(json 'it["announcement"]["next_publication"]')" +%H:%M)" = "$hour" ] || fail "the hour is not announced"

make_token alice
discover() {
  run 0 discover --server "$url" --operator-key operator/public/operator.pub --token-file token --region DE \
    --contacts contacts.vcf --format json --state client/state "$@"
  expect_json '[match["name"] for match in it["matches"]]' "['Anna Muster', 'Work, Anna']"
}
# The first run is the first, whoever starts it; later ones ask for 16, whatever is new.
discover --refresh
expect_json 'it["disclosed"]["batch"], it["disclosed"]["batches"], it["evaluated"]' "(64, 1, 4)"
for i in $(seq -w 0 19); do
  printf '%s\r\n' BEGIN:VCARD VERSION:3.0 "FN:New $i" "TEL:+4930231257$i" END:VCARD >>contacts.vcf
done
discover --refresh
expect_json 'it["disclosed"]["batch"], it["disclosed"]["batches"], it["evaluated"]' "(16, 1, 16)"
expect_err "4 numbers were not looked up in this run"
discover --refresh
discover --refresh
expect_json 'it["disclosed"]["batch"], it["disclosed"]["batches"], it["evaluated"]' "(16, 1, 0)"
run "$(exit_code_of usage.refresh)" discover --server "$url" --operator-key operator/public/operator.pub --token-file token \
  --contacts contacts.vcf --refresh --no-state
stop_serve

# A publication that failed is seen by who looks.
echo '{"schema":"blindbook.publication-failures/1","failures":3,"last_at":1800000000,"rule":"publish.rows"}' \
  >operator/publication-failures.json
run 1 status --data operator
expect_out "3 publications of serve failed, the last one by publish.rows"
