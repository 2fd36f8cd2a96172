#!/usr/bin/env bash
# soak.sh [SECONDS]: mixed traffic on one service for an hour, or that long. Then nothing of anybody stands in its log or
# metrics, the counters are what was answered and what the ledger holds, and its memory has stayed where it was. Expects the
# program's path in BLINDBOOK; prints a table. Leaves log, metrics and memory in BLINDBOOK_SOAK_OUT, where that is set.
# shellcheck source-path=SCRIPTDIR disable=SC2154
. "$(dirname "${BASH_SOURCE[0]}")/../cli/scene.sh"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
seconds=${1:-3600}
plants=0
accounts=$((seconds < 60 ? 9 : 300))

# Words that stand nowhere else by chance.
run 0 init --data operator --operator "City of Example" --unsealed-key --root-key-out root.key
allow 60000
for at in $(seq 101 110); do
  echo "493023125$at"
done >numbers
sed 's/\(.*\)/+\1,@quincenera:city.example,yes/; 1i number,label,discoverable' numbers >subscribers.csv
run 0 publish --data operator --subscribers subscribers.csv
(
  umask 077
  mkdir tokens
  for ((at = 0; at < accounts; at++)); do
    "$BLINDBOOK" token --data operator --account "schinderhannes-$at" --ttl 24h >"tokens/schinderhannes-$at"
  done
)
start_serve --data operator --listen 127.0.0.1:0 --admin-listen 127.0.0.1:0 --log json
read -r line <&"$serve_out"
admin=${line#metrics on }
admin=${admin%/metrics}

mkdir observed
python3 "$here/mixed_traffic.py" --url "$url" --admin "$admin" --pid "$serve_pid" --operator operator --tokens tokens \
  --numbers numbers --out observed --seconds "$seconds" >&2 || fail "the service: $(cat observed/counts)"
curl --silent --fail "$admin/metrics" >last || fail "no metrics at the end"
stop_serve
cp serve.log last observed/
if [ -n "${BLINDBOOK_SOAK_OUT:-}" ]; then
  cp -r observed/. "$BLINDBOOK_SOAK_OUT"
fi

# Accounts, tokens, operator, addresses; the search adds numbers, elements, tags, labels.
printf '%s\n' schinderhannes quincenera city.example eyJ 127.0.0 ::1 X-Forwarded Bearer >words
for ((at = 0; at < accounts; at++)); do
  echo "127.$((1 + at % 250)).$((1 + at / 250)).77"
done >>words
epoch_key=$(find operator/keys -name '????????????????????????????????.key')
search() {
  python3 "$here/../cli/search_secrets.py" --epoch-key "$epoch_key" --subscribers subscribers.csv --words words "$@"
}
search observed/serve.log observed/metrics observed/last >findings || fail "traces: $(cat findings)"
# It would have found them: each of these is planted where nothing was found.
mkdir planted
for trace in "+493023125107" "schinderhannes-3" "127.4.1.77" "$(cut -c1-40 tokens/schinderhannes-1)"; do
  for file in serve.log metrics; do
    { cat "observed/$file" && printf '{"x":"%s"}\n' "$trace"; } >"planted/$file$((++plants))"
  done
done
! search planted >findings || fail "nothing was found"
[ "$(cut -d: -f1 findings | sort -u | wc -l)" -eq "$plants" ] || fail "not every plant was found: $(cat findings)"

python3 - "$seconds" <<'PYTHON' || fail "$(cat observed/counts)"
import json, re, sqlite3, statistics, sys
seconds = float(sys.argv[1])
counts = json.load(open("observed/counts"))
# Every line of the log is JSON, with the members that an event has and no other.
members = {"time", "event", "route", "status", "milliseconds", "problem", "seq", "epoch", "rule", "message"}
events = [json.loads(line) for line in open("observed/serve.log")]
assert {name for event in events for name in event} <= members, {name for event in events for name in event} - members
requests = [event for event in events if event["event"] == "request"]
assert {"200", "400", "401", "404", "405", "411", "429"} <= counts["statuses"].keys(), counts["statuses"]

text = open("observed/last").read()
def value(series):
    return float(re.search(f"^{re.escape(series)} (.*)$", text, re.MULTILINE)[1])
def total(family):
    return sum(float(number) for number in re.findall(rf"^{family}(?:{{.*}})? (.*)$", text, re.MULTILINE))
assert total("blindbook_requests_total") == len(requests)
# Charged once is what was answered, however often it was sent; and the ledger says the same.
assert value('blindbook_charges_total{outcome="charged"}') == counts["requests_charged"] > 0
assert value("blindbook_evaluations_total") == counts["evaluations"]
with sqlite3.connect("operator/blindbook.db") as ledger:
    assert ledger.execute("SELECT sum(evaluations) FROM daily WHERE issuer = ''").fetchone()[0] == counts["evaluations"]
assert value('blindbook_charges_total{outcome="repeated"}') > 0
assert value('blindbook_charges_total{outcome="failed"}') == 0
assert sum(event["event"] == "serving" for event in events) == value('blindbook_events_total{event="serving"}') > 0

memory = [int(line.split()[1]) for line in open("observed/memory")]
quarter = max(1, len(memory) // 4)
early, late = (statistics.median(part) for part in (memory[quarter:2 * quarter] or memory, memory[-quarter:]))
print(f"| seconds | requests | evaluations | most memory | median of the 2nd quarter | of the last |\n|---|---|---|---|---|---|")
print(f"| {seconds:.0f} | {sum(counts['statuses'].values()):,} | {counts['evaluations']:,} | {max(memory) / 1e6:.1f} MB | "
      f"{early / 1e6:.1f} MB | {late / 1e6:.1f} MB |")
assert max(memory) < 300e6, max(memory)
# A leak of 16 bytes a request would show in an hour; in seconds memory still fills.
if seconds >= 600:
    assert late - early < 2e6, (early, late)
PYTHON
