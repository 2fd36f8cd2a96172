#!/usr/bin/env bash
# What the model says a run takes is what crosses the wire, to the byte.
support=$(cd "$(dirname "${BASH_SOURCE[0]}")/../support" && pwd)
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

begin_with_alice

python3 -B - "$BLINDBOOK" "$support" "${url#http://}" <<'PYTHON' || fail "the model and the wire disagree"
import json, subprocess, sys
program, support, address = sys.argv[1:]
sys.path.insert(0, support)
from recording_proxy import RecordingProxy

def run(*words):
    return json.loads(subprocess.run([program, *words, "--format", "json"], check=True, capture_output=True).stdout)

host, _, port = address.rpartition(":")
with RecordingProxy(host, int(port)) as proxy:
    run("discover", "--server", f"http://127.0.0.1:{proxy.port}", "--operator-key", "operator/public/operator.pub",
        "--token-file", "token", "--contacts", "contacts.vcf", "--region", "DE", "--no-state")
exchanges = [exchange for connection in proxy.record()["connections"] for exchange in connection["exchanges"]]
sent = sum(exchange["request"]["body_bytes"] for exchange in exchanges)
received = sum(exchange["answer"]["body_bytes"] for exchange in exchanges)

promised = run("discover", "--contacts", "contacts.vcf", "--region", "DE", "--dry-run")
batch = promised["would_send"]["batch"]
epoch, = run("inspect", "operator/public/announcement.bba")["epochs"]
row, = (row for row in epoch["run"] if row["batch"] == batch)
assert (sent, received) == (row["bytes_sent"], row["bytes_received"]), (sent, received, row)
assert sent == promised["would_cost"]["request_bytes"], (sent, promised)
assert len(exchanges) == 3, exchanges

# This operator kept the allowance of init, so that a dry run says of a sweep what the announcement does.
announced = run("inspect", "operator/public/announcement.bba")
assert promised["default_allowance"] == announced["allowance"], (promised, announced)
assert promised["sweep"] == [row for row in announced["sweep"] if row["basis"] == "assigned"], (promised, announced)
assert promised["sweep"], promised
PYTHON
stop_serve
