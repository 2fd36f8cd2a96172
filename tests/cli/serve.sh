#!/usr/bin/env bash
# The service starts, logs, takes up a new edition and ends in peace.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

make_operator
make_address_book
make_token alice
start_serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase
ask() {
  run 0 discover --server "$url" --operator-key operator/public/operator.pub --token-file token --region DE \
    --contacts contacts.vcf --format json
}
ask
expect_json 'it["edition"]' 1

# A port that is taken is said to be.
run 2 serve --data operator --listen "127.0.0.1:${url##*:}" --passphrase-file passphrase
expect_err "cannot listen on"

# A new edition is served without a restart: the log says when.
sed -i '/carla/s/,1$/,no/' subscribers.csv
run 0 publish --data operator --subscribers subscribers.csv --passphrase-file passphrase
until grep -q '"event":"serving"' serve.log; do
  kill -0 "$serve_pid" || fail "serve ended: $(cat serve.log)"
done
ask
expect_json 'it["edition"], [match["name"] for match in it["matches"]]' "(2, ['Anna Muster', 'Work, Anna'])"
stop_serve

# Every line of the log is JSON; none tells who asked or what for.
python3 - <<'PYTHON' || fail "the log: $(cat serve.log)"
import json
events = [json.loads(line) for line in open("serve.log")]
routes = [event["route"] for event in events if event["event"] == "request"]
assert routes == ["/v1/announcement", "/v1/evaluate", "/v1/directory"] * 2, routes
PYTHON
! grep -qE 'alice|23125|city\.example' serve.log || fail "the log tells too much"

# The address that clients are told is kept.
start_serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase --public-url https://discovery.city.example
[[ $invited == blindbook://discovery.city.example/#* ]] || fail "serve printed: $invited"
stop_serve
start_serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase
[[ $invited == blindbook://discovery.city.example/#* ]] || fail "serve forgot: $invited"
stop_serve
echo "$invited" >invitation
run 0 inspect invitation
expect_out "discovery.city.example" 443
run 2 serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase --public-url nonsense
