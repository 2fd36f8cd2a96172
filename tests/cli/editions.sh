#!/usr/bin/env bash
# From edition to edition: who holds one fetches one patch, who joined is found, who left is not.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

# publish FIRST LAST..: the numbers +493023125NNN of those ranges, labelled @pNNN:city.example
publish() {
  {
    echo number,label,discoverable
    while [ $# -gt 0 ]; do
      seq "$1" "$2" | awk '{ printf "+493023125%03d,@p%03d:city.example,yes\n", $1, $1 }'
      shift 2
    done
  } >subscribers.csv
  run 0 publish --data operator --subscribers subscribers.csv --passphrase-file passphrase --format json
  expect_nothing_on err
}
# waits until serve serves edition N
wait_for() {
  local tries
  for tries in $(seq 100); do
    grep -q "\"seq\":$1[,}]" serve.log && return
    sleep 0.1
  done
  fail "serve did not take edition $1 up in ${tries} tries"
}
discover() {
  run 0 discover --server "$url" --operator-key operator/public/operator.pub --token-file token --contacts book.vcf \
    --state client/state --format json
}
found() {
  expect_json '[match["label"] for match in it["matches"]]' "$1"
}
fetched() {
  expect_json '[r["path"].split("/")[2:3][0] + r["path"][r["path"].rfind("/"):] for r in it["disclosed"]["requests"] if
    r["path"].split("/")[2] in ("directory", "patch")]' "$1"
}

make_operator
publish 0 199
for number in 002 250; do
  printf '%s\r\n' BEGIN:VCARD VERSION:3.0 "FN:P$number" "TEL:+493023125$number" END:VCARD
done >book.vcf
start_serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase
make_token alice
discover
found "['@p002:city.example']"
fetched "['directory/2']"

# 250 joins.
publish 0 199 250 250
wait_for 3
discover
found "['@p002:city.example', '@p250:city.example']"
fetched "['patch/2-3']"
expect_nothing_on err
epoch=$(basename operator/public/patch/*)
run 0 inspect "operator/public/patch/$epoch/2-3.bbp" --format json
expect_json '[it[name] for name in ("kind", "epoch", "from_edition", "to_edition", "leavers", "joins", "label_bytes")]' \
  "['patch', '$epoch', 2, 3, 0, 1, 24]"

# 2 leaves, and nothing that is served holds a row of it any more: two editions on, one patch leads there.
publish 0 1 3 199 250 250
publish 0 1 3 198 250 250
wait_for 5
discover
found "['@p250:city.example']"
fetched "['patch/3-5']"
run 0 inspect "operator/public/patch/$epoch/3-5.bbp" --format json
expect_json '[it[name] for name in ("leavers", "joins")]' '[2, 0]'
[ "$(find operator/public/patch -name '*.bbp' -printf '%f\n' | sort | tr '\n' ' ')" = "2-5.bbp 3-5.bbp 4-5.bbp " ] ||
  fail "other patches than those to the last edition: $(ls operator/public/patch/*)"

# A copy that was damaged on disk is replaced whole, and the run says so.
printf x | dd of="client/$epoch.bbd" bs=1 seek=200 conv=notrunc status=none
publish 0 1 3 197 250 250
wait_for 6
discover
found "['@p250:city.example']"
fetched "['patch/5-6', 'directory/6']"
expect_err "the directory was fetched whole: the patch does not lead to the announced directory"

stop_serve
