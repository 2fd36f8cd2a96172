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
assert routes == ["/v1/announcement", "/v1/evaluate", "/v1/directory", "/v1/announcement", "/v1/evaluate", "/v1/patch"], routes
PYTHON
! grep -qE 'alice|23125|city\.example' serve.log || fail "the log tells too much"

# An epoch that has ended is destroyed, by serve and by publish. Its key file is the living one's with an earlier end.
plant_ended_epoch() {
  run 0 inspect unsealed/public/announcement.bba --format json
  ended=$(python3 - <<'PYTHON'
import glob, hashlib, json, pathlib
name = "Tests".encode()
[living] = glob.glob("unsealed/keys/" + "?" * 32 + ".key")
file = pathlib.Path(living).read_bytes()
head, suite, begin, scalar = file[:-49], file[-49:-48], file[-48:-40], file[-32:]
end = (int.from_bytes(begin, "big") - 1).to_bytes(8, "big")
announcement = pathlib.Path("unsealed/public/announcement.bba").read_bytes()[72:]
key = bytes.fromhex(json.loads(announcement)["epochs"][0]["pk"])
stem = hashlib.sha256(b"blindbook-v1 epoch\0" + suite + len(name).to_bytes(2, "big") + name + key + begin + end)
stem = stem.digest()[:16].hex()
path = pathlib.Path("unsealed/keys", stem + ".key")
path.touch(mode=0o600)
path.write_bytes(head + suite + begin + end + scalar)
pathlib.Path("unsealed/public/directory", stem).mkdir()
print(stem)
PYTHON
)
}
expect_no_trace() {
  [ -z "$(find unsealed -name "*$ended*")" ] || fail "epoch $ended is still there"
}
run 0 init --data unsealed --operator Tests --unsealed-key --root-key-out unsealed.key
run 0 publish --data unsealed --subscribers subscribers.csv
plant_ended_epoch
start_serve --data unsealed --listen 127.0.0.1:0
expect_no_trace
grep -q "\"event\":\"epoch-destroyed\",\"epoch\":\"$ended\"" serve.log || fail "the log: $(cat serve.log)"
stop_serve
plant_ended_epoch
run 0 publish --data unsealed --subscribers subscribers.csv
expect_err "epoch $ended: key, slot, directories and patches are removed from the live system"
expect_no_trace

# A system that does not let memory be locked is told of once. A privileged user must lose the privilege to meet it.
(umask 077 && cat >unlocked <<'SH'
#!/usr/bin/env bash
ulimit -l 0
[ "$(id -u)" != 0 ] || set -- setpriv --bounding-set -ipc_lock --inh-caps -ipc_lock "$@"
exec "$@"
SH
chmod +x unlocked)
exec {unlocked_out}< <(exec ./unlocked "$BLINDBOOK" serve --data unsealed --listen 127.0.0.1:0 2>serve.log </dev/null)
serve_pid=$!
read -r line <&"$unlocked_out" || fail "serve did not start"
exec {serve_out}<&"$unlocked_out"
stop_serve
# Sanitizers replace mlock() by a function that does nothing and says it did.
if [ -z "${BLINDBOOK_SANITIZE-}" ]; then
  [ "$(grep -c '"message":"this system does not let the keys be locked' serve.log)" = 1 ] || fail "no warning of swap"
fi

# The address that clients are told is kept.
start_serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase --public-url https://discovery.city.example
[[ $invited == blindbook://discovery.city.example/#* ]] || fail "serve printed: $invited"
stop_serve
start_serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase
[[ $invited == blindbook://discovery.city.example/#* ]] || fail "serve forgot: $invited"
stop_serve
# The same address is not written again: workers whose units name it start at once, whoever else writes the config.
flock --no-fork operator sleep 600 &
helpers+=("$!")
while flock --nonblock operator true; do
  kill -0 "${helpers[-1]}" || fail "the config is not locked"
done
start_serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase --public-url https://discovery.city.example
stop_serve
run "$(exit_code_of config.locked)" serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase \
  --public-url https://other.city.example
expect_err "another run is writing" "try again"
kill "${helpers[-1]}"
echo "$invited" >invitation
run 0 inspect invitation
expect_out "discovery.city.example" 443
run 2 serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase --public-url nonsense
