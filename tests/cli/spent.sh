#!/usr/bin/env bash
# A spent allowance ends with 3; what was evaluated before is shown.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

make_operator
allow 100
make_address_book
start_serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase
make_token alice
ask() {
  local code=$1
  shift
  run "$code" discover --server "$url" --operator-key operator/public/operator.pub --token-file token --region DE "$@"
}

ask 0 --contacts contacts.vcf --format json
expect_json 'it["allowance_left"], it["partial"]' '(36, False)'

# 36 are left: too few for another first run,
ask 3 --contacts contacts.vcf --no-state
expect_err "allowance is spent"
expect_nothing_on out

# and for 40 new numbers, but what is known is shown.
for i in {100..139}; do
  printf '%s\r\n' BEGIN:VCARD VERSION:3.0 "FN:Number $i" "TEL:+493023125$i" END:VCARD
done >more.vcf
ask 3 --contacts contacts.vcf --contacts more.vcf --format json
expect_json 'it["partial"], it["not_looked_up"], it["evaluated"]' '(True, 40, 0)'
expect_json '[match["name"] for match in it["matches"]]' "['Anna Muster', 'Work, Anna', 'Carla']"
expect_err "allowance is spent" "partial" "40 numbers were not looked up"

# Another account has its own.
make_token bert
ask 0 --contacts contacts.vcf --no-state
stop_serve
