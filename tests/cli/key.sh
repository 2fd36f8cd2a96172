#!/usr/bin/env bash
# Certificates of the announcement key: renewed, and revoked when the key was stolen.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

make_address_book
printf 'number,label,discoverable\n+493023125001,@anna:city.example,yes\n' >subscribers.csv
run 0 init --data operator --operator "City of Example" --unsealed-key --root-key-out root.key
run 0 init --data stranger --operator "City of Example" --unsealed-key --root-key-out stranger.key
publish=(publish --data operator --subscribers subscribers.csv)
key=(--data operator --root-key root.key)

# What it needs is asked for.
run "$(exit_code_of usage.key)" key --data operator
expect_err "what to do with the announcement key is not said" "key renew" "key revoke"
run 2 key burn "${key[@]}"
run 2 key renew --data nowhere
run 2 key renew --data operator
expect_err "the root key is not in operator" "--root-key FILE"
run 2 key renew --data operator --root-key stranger.key
expect_err "stranger.key is the root key of operator" "hint: give the root key of operator"
run 2 key revoke --data operator --root-key missing.key
expect_err "cannot open missing.key" "hint: give the file that blindbook init wrote to --root-key-out"
cp root.key shown.key && chmod 644 shown.key
run 2 key revoke --data operator --root-key shown.key
expect_err "hint: chmod"
run 2 key renew --data operator --root-key operator/keys/announcement.key
expect_err "holds a key for something else"

# Before anything is published there is nobody to tell.
run 0 key renew "${key[@]}"
expect_out "serial      2"
expect_err "nothing is published yet"
run 1 status --data operator
expect_out "serial     2" "days left  "

run 0 "${publish[@]}"
start_serve --data operator --listen 127.0.0.1:0
make_token alice
ask() {
  local code=$1 state=$2
  run "$code" discover --server "$url" --operator-key operator/public/operator.pub --token-file token --region DE \
    --contacts contacts.vcf --format json --state "$state/state"
}
# served SEQ: waits until the service has switched to that announcement.
served() {
  until grep -q "\"event\":\"serving\",\"seq\":$1" serve.log; do
    kill -0 "$serve_pid" || fail "serve ended: $(cat serve.log)"
  done
}
ask 0 alice
expect_json 'it["chain"], it["edition"]' "('first', 1)"

# Renewed: a running service passes it on; the edition is the same, and nothing is evaluated again.
cp -a operator thief
sum=$(sha256sum <operator/keys/announcement.key)
run 0 key renew "${key[@]}"
expect_out "serial      3" "seq          2"
expect_err "put public/announcement.bba away again"
[ "$(sha256sum <operator/keys/announcement.key)" = "$sum" ] || fail "renewing replaced the key"
served 2
ask 0 alice
expect_json 'it["chain"], it["edition"], it["evaluated"]' "('next', 1, 0)"
cmp operator/log/2.bba operator/public/announcement.bba || fail "what is public is not in the log"

# Revoked: the old key is gone; who has seen the new certificate refuses the thief, however far his chain is.
run 0 key revoke "${key[@]}"
expect_out "serial      4" "seq          3"
[ "$(sha256sum <operator/keys/announcement.key)" != "$sum" ] || fail "the old key is still there"
served 3
ask 0 alice
expect_json 'it["chain"], it["edition"]' "('next', 1)"
run 0 "${publish[@]}"
served 4
ask 0 alice
expect_json 'it["chain"], it["edition"], [match["label"] for match in it["matches"]][0]' \
  "('next', 2, '@anna:city.example')"
stop_serve
for _ in 1 2 3 4 5; do
  run 0 publish --data thief --subscribers subscribers.csv
done
start_serve --data thief --listen 127.0.0.1:0
ask 4 alice
expect_err "a later certificate revoked"
expect_nothing_on out
# A client that has not seen it cannot know.
ask 0 stranger
stop_serve

# A root key that lies in the folder is found there, sealed as it is.
make_passphrase
run 0 init --data second --operator Tests --passphrase-file passphrase
run 0 publish --data second --subscribers subscribers.csv --passphrase-file passphrase
run 0 key renew --data second --passphrase-file passphrase
expect_out "serial      2"
(umask 077 && echo wrong >wrong)
run 2 key revoke --data second --passphrase-file wrong
run 0 key revoke --data second --passphrase-file passphrase
expect_out "serial      3"
run 0 publish --data second --subscribers subscribers.csv --passphrase-file passphrase

# A certificate that is about to end, and one that has ended: certify FROM TO, as days from now, puts one into the config.
certify() {
  python3 - "$1" "$2" <<'PYTHON' || fail "no certificate was made"
import base64, json, pathlib, subprocess, sys, time
config = json.loads(pathlib.Path("operator/config.json").read_text())
old = base64.urlsafe_b64decode(config["certificate"] + "==")
magic, version, key = old[:8], old[8:9], old[17:49]
begin, end = (int(time.time() + float(days) * 86400) for days in sys.argv[1:])
body = magic + version + (9).to_bytes(8, "big") + key + begin.to_bytes(8, "big") + end.to_bytes(8, "big")
seed = pathlib.Path("root.key").read_bytes()[-32:]
pathlib.Path("root.der").write_bytes(bytes.fromhex("302e020100300506032b657004220420") + seed)
pathlib.Path("signed").write_bytes(b"blindbook-v1 certificate\0" + body)
signature = subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-in", "signed", "-inkey", "root.der", "-keyform",
                            "DER"], check=True, capture_output=True).stdout
config["certificate"] = base64.urlsafe_b64encode(body + signature).rstrip(b"=").decode()
pathlib.Path("operator/config.json").write_text(json.dumps(config))
PYTHON
}
certify -1 10.5
run 1 status --data operator
expect_out "serial     9" "the certificate of the announcement key expires in 10 days: blindbook key renew" \
  "clients have not been told of the latest certificate: blindbook publish"
run 0 "${publish[@]}"
run 1 status --data operator
! grep -q "have not been told" out || fail "clients have been told"
certify -20 -10
run 2 "${publish[@]}"
expect_err "the certificate of the announcement key has expired" "hint: certify it again with: blindbook key renew"
run 0 key renew "${key[@]}"
expect_out "serial      10"
run 0 "${publish[@]}"
run 0 status --data operator
expect_out "serial     10" "needs action  none"
