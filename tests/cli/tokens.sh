#!/usr/bin/env bash
# Tokens of an issuer with keys of both algorithms, one of which it gives up; and an account whose tokens are revoked.
# shellcheck source-path=SCRIPTDIR disable=SC2154
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

tools=$(cd "$(dirname "${BASH_SOURCE[0]}")/../tools" && pwd)
make_operator
make_address_book
# mint KID ACCOUNT: a token in the file token, by another program; with es256 by its key of either algorithm.
mint() {
  (umask 077 && PYTHONPATH=$tools python3 - "$@" >token) <<'PYTHON'
import base64, hashlib, json, sys, time
import ed25519_reference, p256_reference
kid, account = sys.argv[1:]
secret = hashlib.sha256(kid.encode()).digest()
def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
operator = json.load(open("facts"))["fingerprint"]
header = {"alg": "EdDSA" if kid == "old" else "ES256", "kid": kid, "typ": "JWT"}
claims = {"iss": "messenger", "sub": account, "aud": operator, "iat": int(time.time()), "exp": int(time.time()) + 600,
          "jti": "1", "scope": "evaluate"}
signed = ".".join(base64url(json.dumps(part).encode()) for part in (header, claims))
sign = ed25519_reference.sign if kid == "old" else lambda key, text: p256_reference.sign(int.from_bytes(key, "big"), text)
print(signed + "." + base64url(sign(secret, signed.encode())))
PYTHON
}
# accept KID..: config.json accepts these keys of the messenger, besides the operator's own.
accept() {
  PYTHONPATH=$tools python3 - "$@" <<'PYTHON'
import hashlib, json, sys
import ed25519_reference, p256_reference
config = json.load(open("operator/config.json"))
config["issuers"] = [one for one in config["issuers"] if one["name"] != "messenger"]
for kid in sys.argv[1:]:
    secret = hashlib.sha256(kid.encode()).digest()
    key = ed25519_reference.public_key(secret) if kid == "old" else \
        p256_reference.public_key(int.from_bytes(secret, "big"))
    config["issuers"].append({"name": "messenger", "kid": kid, "alg": "EdDSA" if kid == "old" else "ES256",
                              "public_key": key.hex()})
json.dump(config, open("operator/config.json", "w"))
PYTHON
}
discover() {
  local wanted=$1
  run "$wanted" discover --server "$url" --operator-key operator/public/operator.pub --token-file token --region DE \
    --contacts contacts.vcf --no-state
}
serve=(--data operator --listen 127.0.0.1:0 --passphrase-file passphrase)
"$BLINDBOOK" status --data operator --format json >facts 2>err || [ $? -eq 1 ] || fail "no status"

# While the issuer changes its key, tokens under either are taken.
accept old new
start_serve "${serve[@]}"
for kid in old new; do
  mint "$kid" anna
  discover 0
done
stop_serve
accept new
start_serve "${serve[@]}"
discover 0
mint old anna
discover 2

# Revoked: refused by the service that runs, of that account and issuer alone.
mint new anna
run 0 token --data operator --revoke --issuer messenger --account anna
expect_nothing_on out
expect_err "are refused" "blindbook: hint: see that messenger mints none"
until [ "$(curl --silent --output answer --write-out '%{http_code}' --header "Authorization: Bearer $(cat token)" \
  --data x "$url/v1/evaluate")" = 401 ]; do
  kill -0 "$serve_pid" || fail "serve ended"
done
grep -q "the token was revoked" answer || fail "the refusal does not say why: $(cat answer)"
discover 2
make_token anna
discover 0
mint new bert
discover 0
stop_serve
# Also by one that starts later.
start_serve "${serve[@]}"
mint new anna
discover 2
stop_serve

# Who can revoke what; nobody stands in the audit trail.
run "$(exit_code_of revoked.issuer)" token --data operator --revoke --issuer nobody --account anna
expect_err "knows no issuer 'nobody'"
run "$(exit_code_of token.account)" token --data operator --revoke --account ""
run "$(exit_code_of usage.revoke)" token --data operator --account anna --issuer messenger
run "$(exit_code_of usage.revoke)" token --data operator --account anna --revoke --ttl 10m
[ "$(stat -c %a operator/revoked.json)" = 600 ] || fail "others may read who was revoked"
grep -q '"command":"token revoke"' operator/audit.jsonl || fail "the trail lacks it"
! grep -q anna operator/audit.jsonl || fail "the trail says whose"
run 0 inspect operator/audit.jsonl
