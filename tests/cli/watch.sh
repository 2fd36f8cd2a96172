#!/usr/bin/env bash
# What an operator sees of a running service: log, metrics, readiness; and what is made of the metrics.
# shellcheck source-path=SCRIPTDIR disable=SC2154
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

sources=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
make_operator
make_address_book
make_token alice
serve=(--data operator --listen 127.0.0.1:0 --passphrase-file passphrase)

# Off unless asked for, and for this machine unless said twice.
run "$(exit_code_of usage.admin-listen)" serve "${serve[@]}" --admin-listen 0.0.0.0:0
expect_err "--insecure-http"
run "$(exit_code_of http.listen-address)" serve "${serve[@]}" --admin-listen nonsense
run "$(exit_code_of usage.choice)" serve "${serve[@]}" --log xml

start_serve "${serve[@]}" --admin-listen 0
read -r line <&"$serve_out"
admin=${line#metrics on }
[[ $admin == http://127.0.0.1:*/metrics ]] || fail "serve said where metrics are: $line"
admin=${admin%/metrics}
run 2 serve "${serve[@]}" --admin-listen "${admin##*:}"
expect_err "cannot listen on"
for _ in 1 2; do
  run 0 discover --server "$url" --operator-key operator/public/operator.pub --token-file token --region DE \
    --contacts contacts.vcf --no-state
done
curl --silent --fail "$admin/metrics" >metrics || fail "no metrics"
for line in 'blindbook_ready 1' 'blindbook_evaluations_total 128' 'blindbook_charges_total{outcome="charged"} 2' \
  'blindbook_requests_total{route="/v1/evaluate",status="200"} 2' 'blindbook_directory_entries 3' 'blindbook_ledger_writable 1'; do
  grep -qxF "$line" metrics || fail "metrics lack: $line"
done
[ "$(curl --silent "$admin/readyz")" = ready ] || fail "it is not ready"
# Neither port has what belongs to the other.
for path in "$url/metrics" "$url/readyz" "$admin/v1/announcement"; do
  [ "$(curl --silent --output /dev/null --write-out '%{http_code}' "$path")" = 404 ] || fail "$path is there"
done

# Every metric is described in the guide, and nothing else is; alerts and dashboard ask for what there is.
sed -n 's/^# TYPE \([a-z_]*\) .*/\1/p' metrics | sort >names
sed -nE 's/^\| .([a-z_]+). \| (counter|gauge|histogram) .*/\1/p' "$sources/docs/operator/monitoring.md" | sort >described
diff -u described names >&2 || fail "the guide (-) and /metrics (+) differ"
python3 - "$sources/cli/packaging/examples" names <<'PYTHON' || fail "alerts or dashboard"
import json, pathlib, re, sys
examples, names = pathlib.Path(sys.argv[1]), set(open(sys.argv[2]).read().split())
names |= {f"{name}{suffix}" for name in names for suffix in ("_bucket", "_sum", "_count")}
dashboard = json.loads((examples / "grafana-dashboard.json").read_text())
asked = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]
asked += re.findall(r"^ +expr: (.*)$", (examples / "prometheus-alerts.yml").read_text(), re.MULTILINE)
assert len(asked) > 20, asked
for expression in asked:
    metrics = set(re.findall(r"\b(?:up\b|(?:blindbook|process)_\w+)", expression))
    assert metrics and metrics <= names | {"up"}, (expression, metrics - names)
PYTHON
# Every event that the program can tell has a counter of its own.
sed -n '/^  \/\/\/ Stable:/,/^  std::string_view name;/p' "$sources/protocol/blindbook/service/event.h" |
  grep -oE '"[a-z-]+"' | tr -d '"' | grep -vx request >events
[ "$(wc -l <events)" -gt 9 ] || fail "event.h names no events: $(cat events)"
while read -r event; do
  grep -qF "blindbook_events_total{event=\"$event\"}" metrics || fail "no metric counts the event $event"
done <events

# A ledger that takes nothing: the worker says so at the first charge, and within seconds that it works again.
sqlite3 operator/blindbook.db "
  CREATE TRIGGER no_request BEFORE INSERT ON request BEGIN SELECT RAISE(ABORT, 'planted'); END;
  CREATE TRIGGER no_clock BEFORE INSERT ON clock BEGIN SELECT RAISE(ABORT, 'planted'); END;"
run 1 discover --server "$url" --operator-key operator/public/operator.pub --token-file token --region DE \
  --contacts contacts.vcf --no-state
[ "$(curl --silent --write-out '%{http_code}' "$admin/readyz")" = $'ledger\n503' ] || fail "it is ready without a ledger"
sqlite3 operator/blindbook.db "DROP TRIGGER no_request; DROP TRIGGER no_clock;"
until [ "$(curl --silent "$admin/readyz")" = ready ]; do
  kill -0 "$serve_pid" || fail "serve ended"
done
stop_serve

# Every line of the log is JSON, warnings too; as text it is for a person.
python3 - <<'PYTHON' || fail "the log: $(cat serve.log)"
import json
events = [json.loads(line) for line in open("serve.log")]
assert [event["problem"] for event in events if event.get("status") == 503] == ["storage"], events
PYTHON
run 0 init --data unsealed --operator "Tests" --unsealed-key
run 0 publish --data unsealed --subscribers subscribers.csv
start_serve --data unsealed --listen 127.0.0.1:0
curl --silent --fail --output /dev/null "$url/healthz"
stop_serve
grep -q '"event":"warning","message":"the keys are not sealed"' serve.log || fail "the warning is not in the log"
start_serve --data unsealed --listen 127.0.0.1:0 --log text
curl --silent --fail --output /dev/null "$url/healthz"
stop_serve
grep -qE '^20[0-9-]+T[0-9:]+Z request route=/healthz status=200 milliseconds=[0-9]+$' serve.log || fail "no text: $(cat serve.log)"
grep -qx 'blindbook: warning: the keys are not sealed' serve.log || fail "no warning: $(cat serve.log)"
