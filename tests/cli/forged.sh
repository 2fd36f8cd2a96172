#!/usr/bin/env bash
# Announcements that no honest operator would write, signed with the operator's own key: each is refused before anything
# is asked, and says whether anybody is to blame.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

make_address_book
run 0 init --data operator --operator Tests --unsealed-key --root-key-out root.key
printf 'number,label,discoverable\n+493023125001,@anna:city.example,yes\n' >subscribers.csv
run 0 publish --data operator --subscribers subscribers.csv
make_token alice

# A service that shows the file `forged` to whoever asks for the announcement, and writes down what it was asked.
exec {forger}< <(exec python3 - <<'PYTHON'
import http.server
class Forger(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        with open("asked", "a") as log:
            log.write(self.path + "\n")
        body = open("forged", "rb").read()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    do_POST = do_GET
    def log_message(self, *arguments):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Forger)
print(server.server_port, flush=True)
server.serve_forever()
PYTHON
)
helpers+=("$!")
read -r port <&"$forger" || fail "there is no forger"

# forge STATEMENTS: writes `forged`, the operator's announcement after the Python statements, which may change `it`, its
# JSON as an object, or `text`, the JSON itself.
forge() {
  python3 - "$1" <<'PYTHON' || fail "cannot forge: $1"
import json, pathlib, subprocess, sys, time
object = pathlib.Path("operator/public/announcement.bba").read_bytes()
it, text, day = json.loads(object[72:]), None, 86400
exec(sys.argv[1])
text = json.dumps(it) if text is None else text
seed = pathlib.Path("operator/keys/announcement.key").read_bytes()[-32:]
pathlib.Path("seed.der").write_bytes(bytes.fromhex("302e020100300506032b657004220420") + seed)
pathlib.Path("signed").write_bytes(b"blindbook-v1 announcement\0" + text.encode())
signature = subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-keyform", "DER", "-inkey", "seed.der",
                            "-in", "signed"], check=True, capture_output=True).stdout
pathlib.Path("forged").write_bytes(object[:8] + signature + text.encode())
PYTHON
}

# refused RULE TEXT..: the client refuses what was forged as that rule does, with those words, and asks no more.
refused() {
  : >asked
  run "$(exit_code_of "$1")" discover --server "http://127.0.0.1:$port" --operator-key operator/public/operator.pub \
    --token-file token --contacts contacts.vcf --region DE --no-state
  expect_nothing_on out
  expect_err "${@:2}"
  [ "$(cat asked)" = /v1/announcement ] || fail "it asked for: $(cat asked)"
}

# The forger's own signature is good: what is left as it was passes, and the next request is answered with nonsense.
forge ''
run "$(exit_code_of service.not-an-answer)" discover --server "http://127.0.0.1:$port" \
  --operator-key operator/public/operator.pub --token-file token --contacts contacts.vcf --region DE --no-state
expect_err "what answered is not a blindbook service"
[ "$(tail -1 asked)" = /v1/evaluate ] || fail "a good announcement was refused"

forge 'it["valid_until"] = int(time.time()) - 601'
refused announcement.stale "has expired" "check this machine's clock"
forge 'it["issued_at"] = int(time.time()) + day'
refused announcement.from-the-future "dated in the future" "check this machine's clock"
forge 'it["profile"] = "e164/2"'
refused announcement.profile "upgrade blindbook"
forge 'it["epochs"][0]["suite"] = 2'
refused announcement.suite "upgrade blindbook"

forge 'it["batch_sizes"] = [1, 2, 3]'
refused announcement.constants "batch sizes"
forge 'it["tag_bits"] = 40'
refused announcement.constants "tag width"
forge 'it["epochs"][0]["not_after"] += 1'
refused announcement.epoch-id "epoch id"
forge 'it["epochs"][0]["pk"] = "00" * 32'
refused announcement.key "public key"
forge 'it["epochs"][0]["label_bytes"] = 600'
refused announcement.epoch "contradict"
forge 'it["schema"] = "blindbook.announcement/2"'
refused announcement.schema "schema"
forge 'del it["seq"]'
refused announcement.schema "missing"
forge 'text = json.dumps(it).replace("{", "{\"seq\": 1, ", 1)'
refused announcement.format "strict JSON"
forge 'it["seq"] = 1.0'
refused announcement.format "strict JSON"
forge 'text = json.dumps(it) + " " * (1 << 20)'
refused announcement.size "1 MiB"
forge 'text = json.dumps(it) + " " * (2 << 20)'
refused http.too-long "longer than any valid one"
forge 'it["certificate"] = "AAAA"'
refused certificate.format "certificate"
forge ''
printf 'x' >>forged
refused announcement.format "strict JSON"
forge ''
printf 'x' | dd of=forged bs=1 seek=20 conv=notrunc 2>/dev/null
refused announcement.signature "not signed"
tail -c +2 operator/public/announcement.bba >forged
refused announcement.not-an-envelope "not a blindbook service" "captive portal"
: >forged
refused announcement.not-an-envelope "not a blindbook service"
