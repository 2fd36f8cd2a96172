#!/usr/bin/env bash
# The log of announcements and mirrors: who missed some finds its own in the past of the new one, and an operator that signs
# two chains is found out, with evidence that others can check.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

# publish FOLDER LABEL
publish() {
  printf 'number,label,discoverable\n+493023125001,@%s:city.example,yes\n' "$2" >subscribers.csv
  run 0 publish --data "$1" --subscribers subscribers.csv --passphrase-file passphrase --format json
}
# discover CODE STATE [ARGUMENT..]
discover() {
  local code=$1 state=$2
  shift 2
  run "$code" discover --server "$url" --operator-key operator/public/operator.pub --token-file token --contacts book.vcf \
    --state "$state" --format json "$@"
}
printf '%s\r\n' BEGIN:VCARD VERSION:3.0 FN:Anna TEL:+493023125001 END:VCARD >book.vcf

make_operator
publish operator anna
cp -r operator twin
start_serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase
make_token alice
discover 0 client/state
cp -r client saw-twin
seq=$(python3 -c 'import json; print(len(open("operator/log/hashes.bbl","rb").read()[53:])//32)')

# Three announcements later: one request for the log, and the chain is whole.
publish operator anna
publish operator anna
publish operator anna
for _ in $(seq 100); do grep -q "\"seq\":$((seq + 3))[,}]" serve.log && break; sleep 0.1; done
discover 0 client/state
expect_json '[it["chain"]] + [r["path"] for r in it["disclosed"]["requests"] if "log" in r["path"]]' \
  "['logged', '/v1/log?from=$((seq + 1))']"
cmp operator/log/hashes.bbl operator/public/log.bbl || fail "the two logs differ"
run 0 inspect operator/log/hashes.bbl --operator-key operator/public/operator.pub --format json
expect_json '[it[name] for name in ("kind", "first", "last", "bodies", "signatures")]' \
  "['log of announcements', 1, $((seq + 3)), $((seq + 3)), 'checked']"

# A body that was replaced is found.
cp -r operator/log changed
cp "changed/$seq.bba" "changed/$((seq + 1)).bba"
run 2 inspect changed/hashes.bbl
expect_err "is not the announcement that the log has at its place"

# A mirror that shows the same, and one that shows what the same keys signed besides.
first_url=$url
helpers+=("$serve_pid")
start_serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase
mirror=$url
url=$first_url
discover 0 client/state --mirror "$mirror"
publish twin ben
helpers+=("$serve_pid")
start_serve --data twin --listen 127.0.0.1:0 --passphrase-file passphrase
twin=$url
url=$first_url
discover 4 other/state --mirror "$twin"
expect_err "kept as evidence"
evidence=$(ls other/evidence-*.bbe)
run 0 inspect "$evidence" --operator-key operator/public/operator.pub --format json
expect_json '"in the past" in it["proves"] or "does not follow" in it["proves"] or "one sequence number" in it["proves"]' True
# Who saw the twin meets the other chain: the log proves the fork.
url=$twin
discover 0 saw-twin/state
url=$first_url
discover 4 saw-twin/state
evidence=$(ls saw-twin/evidence-*.bbe)
run 0 inspect "$evidence" --operator-key operator/public/operator.pub --format json
expect_json '["in the past" in it["proves"], it["log"]["first"]]' "[True, $((seq + 2))]"
run 0 inspect "$evidence" --format json
expect_json 'it["proves"]' 'not checked, for want of --operator-key'
