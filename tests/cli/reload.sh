#!/usr/bin/env bash
# SIGHUP: a running service reads issuers, certificate, announcement and keys again, and what cannot be read stays as it was.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

make_operator
make_address_book
make_certificate
make_token alice
start_serve --data operator --listen 127.0.0.1:0 --tls-cert cert.pem --tls-key key.pem --passphrase-file passphrase

# discover_with CODE CERTIFICATE: asks a service that is to show that certificate.
discover_with() {
  run "$1" discover "$invited" --ca-file "$2" --token-file token --contacts contacts.vcf --region DE --format json
}
count_of() { grep -c "\"event\":\"$1\"" serve.log || true; }
# hang_up EVENT: asks the service to read things again, and waits until it says what became of that.
hang_up() {
  local before
  before=$(count_of "$1")
  kill -HUP "$serve_pid"
  until [ "$(count_of "$1")" -gt "$before" ]; do
    kill -0 "$serve_pid" || fail "serve ended: $(cat serve.log)"
  done
}
discover_with 0 cert.pem

# Another certificate and key in the old files' place.
cp cert.pem old.pem
make_certificate
discover_with 0 old.pem
hang_up reloaded
discover_with 1 old.pem
expect_err "the certificate of"
discover_with 0 cert.pem

# An issuer that is no longer named: its tokens are not taken any more.
cp operator/config.json config.before
python3 - <<'PYTHON'
import json
config = json.load(open("operator/config.json"))
config["issuers"][0]["public_key"] = "00" * 31 + "01"
json.dump(config, open("operator/config.json", "w"))
PYTHON
hang_up reloaded
discover_with 2 cert.pem
expect_err "token"

# What cannot be read is named, and the rest is read none the less.
cp config.before operator/config.json
echo nonsense >cert.pem
hang_up reload-failed
grep -q '"event":"reload-failed","rule":"http.listen","message":"the certificate file cert.pem' serve.log || fail "$(cat serve.log)"
cp old.pem wrong.pem
echo '{' >operator/config.json
hang_up reload-failed
grep -q '"event":"reload-failed","rule":"config.syntax"' serve.log || fail "$(cat serve.log)"
stop_serve
