#!/usr/bin/env bash
# The main job over TLS with a certificate that signs itself, in every format.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

make_operator
make_certificate
make_address_book
start_serve --data operator --listen 127.0.0.1:0 --tls-cert cert.pem --tls-key key.pem --passphrase-file passphrase
[[ $url == https://127.0.0.1:* ]] || fail "serve listens on $url"
[[ $invited == blindbook://127.0.0.1:"${url##*:}"/#* ]] || fail "serve printed $invited"
make_token alice
discover=(discover "$invited" --token-file token --contacts contacts.vcf --region DE --ca-file cert.pem)

run 0 "${discover[@]}" --no-state
expect_err "warning: without state"
sed -e 's/[0-9a-f]\{64\}/HEAD/' -e 's/[0-9a-f]\{32\}/EPOCH/' -e 's/[0-9.]* \(bytes\|kB\)/SIZE/g' -e 's/  *SIZE/ SIZE/g' \
  -e 's/  *\(AS\|nobody\|alice\) */ \1 /' -e 's/ *RECEIVED/ RECEIVED/' out >masked
expect_exactly masked <<'TEXT'
2 of 4 numbers subscribe
  NAME         NUMBER         LABEL
  Anna Muster  +493023125001  @anna:city.example
  Work, Anna   +493023125001  @anna:city.example
  Carla        +493023125003  @carla:city.example

not looked up
  contacts.vcf:25  call me  letters  it has letters that are not a remark in parentheses

what left this device
  1 batch of 64 blinded numbers, which does not tell how many of them are real
  REQUEST AS SENT RECEIVED
  GET /v1/announcement nobody SIZE SIZE
  POST /v1/evaluate alice SIZE SIZE
  GET /v1/directory/EPOCH/1 nobody SIZE SIZE
  a naive upload would have sent: 6 numbers in clear, 5 names

edition 1 of epoch EPOCH
head HEAD
allowance left: 8,128 numbers
TEXT

run 0 "${discover[@]}" --no-state --format csv
tr -d '\r' <out >lines
expect_exactly lines <<'TEXT'
name,number,label
Anna Muster,+493023125001,@anna:city.example
"Work, Anna",+493023125001,@anna:city.example
Carla,+493023125003,@carla:city.example
TEXT

run 0 "${discover[@]}" --no-state --format json
expect_json 'it["schema"]' blindbook.discover/1
expect_json '[it[name] for name in ("edition", "contacts", "identifiers", "evaluated", "partial", "not_looked_up")]' \
  '[1, 5, 4, 4, False, 0]'
expect_json 'it["chain"], it["unopened_labels"], it["doubtful"], it["allowance_left"]' "('first', 0, [], 8000)"
expect_json 'it["matches"][1]' "{'name': 'Work, Anna', 'number': '+493023125001', 'label': '@anna:city.example'}"
expect_json 'it["rejected"]' \
  "[{'source': 'contacts.vcf', 'line': 25, 'value': 'call me', 'reason': 'letters'}]"
expect_json '[it["disclosed"][name] for name in ("issuer", "account", "batch", "batches", "evaluations_charged")]' \
  "['blindbook', 'alice', 64, 1, 64]"
expect_json '[(r["method"], r["path"].split("/")[2], r["with_account"]) for r in it["disclosed"]["requests"]]' \
  "[('GET', 'announcement', False), ('POST', 'evaluate', True), ('GET', 'directory', False)]"
expect_json 'sum(r["bytes_sent"] for r in it["disclosed"]["requests"]) == it["disclosed"]["bytes_sent"] > 64 * 32' True
run 0 inspect operator/public/announcement.bba --operator-key operator/public/operator.pub --format json
head=$(json 'it["head"]')
run 0 "${discover[@]}" --no-state
expect_out "head $head"

# Without labels a match is still a match.
run 0 init --data plain --operator Tests --passphrase-file passphrase --root-key-out plain.key
run 0 publish --data plain --subscribers subscribers.csv --labels none --passphrase-file passphrase
stop_serve
start_serve --data plain --listen 127.0.0.1:0 --tls-cert cert.pem --tls-key key.pem --passphrase-file passphrase
run 0 token --data plain --account alice
cp out token
run 0 discover "$invited" --token-file token --contacts contacts.vcf --region DE --ca-file cert.pem --format json
expect_json 'it["matches"][2]' "{'name': 'Carla', 'number': '+493023125003', 'label': None}"
serve_signal=INT
stop_serve
