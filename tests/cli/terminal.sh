#!/usr/bin/env bash
# Nothing that others chose steers a terminal: not in text, not in JSON, not in an error.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

make_operator
start_serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase
make_token alice

# Escape sequences, a C1 control, a right-to-left override and a line break inside names and numbers.
printf '%s\r\n' BEGIN:VCARD VERSION:3.0 "$(printf 'FN:Anna\033[2J\302\233 \342\200\256live\\nsecond')" \
  'TEL:+493023125001' "$(printf 'TEL:12\033]0;owned\007ab')" END:VCARD >hostile.vcf

clean() {
  python3 - "$@" <<'PYTHON' || fail "a control or bidi character went through"
import sys, unicodedata
for name in sys.argv[1:]:
    for character in open(name, encoding="utf-8", newline="").read():
        bidi = character in "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        if bidi or (unicodedata.category(character) == "Cc" and character not in "\r\n"):
            sys.exit(1)
PYTHON
}

for format in text json csv; do
  run 0 discover --server "$url" --operator-key operator/public/operator.pub --token-file token \
    --contacts hostile.vcf --no-state --format "$format"
  expect_out Anna
  clean out err
done
run 0 discover --server "$url" --operator-key operator/public/operator.pub --token-file token --contacts hostile.vcf \
  --no-state --format json
expect_json 'it["matches"][0]["name"]' "$(printf 'Anna\033[2J\302\233 \342\200\256live second')"

run 0 discover --contacts hostile.vcf --dry-run
clean out err
run 2 discover --contacts "$(printf 'a\033[31mb')" --dry-run
clean err
run 2 token --data operator --account "$(printf 'a\033[31mb')"
clean err
stop_serve

# Colour and bars are for terminals: nothing of them in a pipe.
! grep -q "$(printf '\033')" serve.log out err || fail "an escape sequence in a pipe"
