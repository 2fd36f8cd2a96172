#!/usr/bin/env bash
# Each way in which a run can fail, and its exit code.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

make_passphrase
make_certificate
make_address_book
run 0 init --data operator --operator "City of Example" --passphrase-file passphrase --root-key-out root.key
serve=(--data operator --listen 127.0.0.1:0 --passphrase-file passphrase)

run 2 serve "${serve[@]}"
expect_err "nothing is published yet" "blindbook publish"
expect_nothing_on out

printf 'number,label,discoverable\n+493023125001,@anna:city.example,yes\n' >subscribers.csv
run 0 publish --data operator --subscribers subscribers.csv --passphrase-file passphrase
make_token alice
key=operator/public/operator.pub
ask() {
  local code=$1
  shift
  run "$code" discover --contacts contacts.vcf --region DE --no-state "$@"
  expect_nothing_on out
}

# What is asked of whom must be said.
ask 2 --token-file token
expect_err "give an invitation, or both --server URL and --operator-key FILE"
ask 2 --server https://127.0.0.1:1 --token-file token
ask 2 blindbook://nonsense --token-file token
expect_err "not an invitation"
ask 2 --server ftp://127.0.0.1 --operator-key $key --token-file token
ask 2 --server http://service.example --operator-key $key --token-file token
expect_err "plain HTTP" "--insecure-http"
ask 2 --server https://127.0.0.1:1 --operator-key $key
expect_err "--token-file FILE is missing"
ask 2 --server https://127.0.0.1:1 --operator-key $key --token-file missing
ask 2 --server https://127.0.0.1:1 --operator-key contacts.vcf --token-file token
expect_err "contacts.vcf is no operator's public key"
echo nonsense >nonsense
ask 2 --server https://127.0.0.1:1 --operator-key $key --token-file nonsense
expect_err "not a token"

# TLS.
start_serve "${serve[@]}" --tls-cert cert.pem --tls-key key.pem
ask 1 "$invited" --token-file token
expect_err "hint: "
cp cert.pem trusted.pem
cp key.pem trusted-key.pem
make_certificate
ask 1 "$invited" --token-file token --ca-file cert.pem
ask 2 "$invited" --token-file token --ca-file missing.pem
ask 1 --server "https://localhost:${url##*:}" --operator-key $key --token-file token --ca-file trusted.pem
ask 1 --server "http://127.0.0.1:${url##*:}" --operator-key $key --token-file token
run 0 discover "$invited" --token-file token --contacts contacts.vcf --region DE --no-state --ca-file trusted.pem
stop_serve
ask 1 "$invited" --token-file token --ca-file trusted.pem
expect_err "no connection to 127.0.0.1"

# Plain HTTP.
start_serve "${serve[@]}"
[ "$invited" = "--server $url --operator-key $key" ] || fail "serve printed: $invited"
ask 1 --server "https://127.0.0.1:${url##*:}" --operator-key $key --token-file token

# The wrong operator, the wrong token.
run 0 init --data stranger --operator "City of Example" --passphrase-file passphrase --root-key-out stranger.key
ask 4 --server "$url" --operator-key stranger/public/operator.pub --token-file token
expect_err "not signed by this operator"
run 0 token --data stranger --account alice
cp out foreign
ask 2 --server "$url" --operator-key $key --token-file foreign
expect_err "does not accept the access token" "new token"
stop_serve

# A captive portal answers everything with its own page.
exec {portal}< <(exec python3 - <<'PYTHON'
import http.server, sys
class Portal(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        page = b"<html>please log in</html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)
    def log_message(self, *arguments):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Portal)
print(server.server_port, flush=True)
server.handle_request()
PYTHON
)
helpers+=("$!")
read -r port <&"$portal" || fail "there is no portal"
ask 1 --server "http://127.0.0.1:$port" --operator-key $key --token-file token
expect_err "what answered is not a blindbook service" "captive portal"

# An operator's own mistakes.
run 2 token --data operator --account alice --ttl 25h
expect_err "at most 24h"
run 2 token --data operator --account alice --ttl soon
run 2 token --data operator --account ""
run 2 serve "${serve[@]}" --tls-cert cert.pem
expect_err "belong together"
run 2 serve "${serve[@]}" --tls-cert missing.pem --tls-key key.pem
expect_err "missing.pem"
run 2 serve --data operator --listen 0.0.0.0:0 --passphrase-file passphrase
expect_err "plain HTTP" "--insecure-http"
run 2 serve --data operator --listen nowhere --passphrase-file passphrase
chmod 644 operator/keys/token.key
run 2 token --data operator --account alice
expect_err "hint: chmod"
rm operator/slot/*
run 1 serve "${serve[@]}"
expect_err "slot"
