#!/usr/bin/env bash
# What `estimate` says is what runs come to: bytes of runs as they are made, every figure by a formula that the
# specification has, the same in each format.
sources=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

# The page: who, how sure, by which formula, and what is left out.
run 0 estimate --subscribers 50000 --network DSL --in morning --allowance 4096,0
expect_nothing_on err
expect_out "50,000" "ristretto255-sha512" "DSL: 2 Mbit/s down, 1 Mbit/s up, 5 ms (Firefox Source Docs" "a client's first day" \
  "32,792 bytes" "evaluate_request" "if all 50,000 clients join in one morning" "EE, 5,400,000 numbers: fresh accounts" \
  "never" "A list of up to 4,096 numbers costs one account, at once." "what it does not cover" "TLS, TCP and IP" \
  "accounts run dry" "kernel "
run 0 estimate --suite p256-sha256
expect_out "has not measured that suite" "33,816 bytes"
expect_out "durable charges in the peak" "on a day of the week in which all move to a new epoch"
! grep -q "calibrated  " out || fail "there is a figure of speed without a calibration"

run 0 estimate --subscribers 2^20 --clients 1 --epoch 1
expect_out "1,048,576" "if the one client joins in a month" "edition of a later day, with 1 patch " " bit/s"

# What cannot be names the bound it breaks.
run 2 estimate --subscribers 0
expect_err "--subscribers is 0, and not 1 to 1,099,511,627,776"
run 2 estimate --contacts 9000
expect_err "--contacts is 9000, and not 0 to 8,192" "two batches of 4,096"
run 2 estimate --contacts 5000 --allowance 8000,320
expect_err "are charged as 8,192 evaluations, and the first allowance is 8,000"
run 2 estimate --churn-joins 200%
expect_err "--churn-joins is 200%, and not at most 1"
run 2 estimate --epoch 0
expect_err "--epoch is 0, and not 1 to 3,650"
run 2 estimate --labels embedded --label-bytes 600
expect_err "--label-bytes is 600, and not 2 to 512"
run 2 estimate --subscribers 1000000000 --labels embedded
expect_err "a client stores at most 4.29 GB"
run 2 estimate --network 5G
expect_err "one of LTE|3G|DSL|Wi-Fi"
echo '{"schema": "blindbook.calibration/2"}' >other.json
run 2 estimate --calibration other.json
expect_err "not of schema blindbook.calibration/1"
run 2 estimate --calibration "$sources/lib/blindbook/model/shipped_calibration.json" --suite p256-sha256
expect_err "the calibration is of ristretto255-sha512, and the estimate of p256-sha256"
run 0 estimate --calibration "$sources/lib/blindbook/model/shipped_calibration.json" --format json
expect_json 'it["schema"], it["calibration"]["shipped"]' "('blindbook.estimate/1', False)"

python3 -B - "$BLINDBOOK" "$sources/docs/spec" <<'PYTHON' || fail "the estimate and its formulas disagree"
import csv, io, json, re, subprocess, sys
from pathlib import Path
program, spec = sys.argv[1], Path(sys.argv[2])

def printed(*words):
    return subprocess.run([program, "estimate", *words], check=True, capture_output=True, text=True).stdout

def close(value, wanted):
    assert abs(value - wanted) <= 1e-9 * abs(wanted), (value, wanted)

used = set()
for labels in ("none", "embedded", "resolve"):
    words = ("--labels", labels, "--subscribers", "3000", "--clients", "70", "--contacts", "200", "--epoch", "40")
    estimate = json.loads(printed(*words, "--format", "json"))
    rows = list(csv.DictReader(io.StringIO(printed(*words, "--format", "csv"))))
    assert [row["figure"] for row in rows] == [figure["figure"] for figure in estimate["figures"]]
    for row, figure in zip(rows, estimate["figures"]):
        assert (row["unit"], row["formula"], row["certainty"]) == (figure["unit"], figure["formula"], figure["certainty"]), row
        assert float(row["value"]) == figure["value"], (row, figure)
        assert figure["certainty"] in ("exact", "expected", "calibrated"), figure
        used.add((figure["formula"], figure["certainty"]))
    page = printed(*words)
    assert not [name for name, _ in used if name not in page and not name.startswith("label_")]
    # Sums over clients and days are those of one client.
    value = {figure["figure"]: figure["value"] for figure in estimate["figures"]}
    assert value["batch_elements"] == 256
    close(value["service_month_evaluations"], 70 * (30 * 16 + 30 / 40 * 256))
    close(value["service_month_sent"], 70 * value["client_month_received"])
    close(value["service_month_received"], 70 * value["client_month_sent"])
    close(value["service_month_cpu"], 70 * (30 * value["service_daily_run_cpu"] + 30 / 40 * value["service_first_run_cpu"]))
    close(value["machines_evaluations"], 70 * 256)

# Each formula stands in the specification, as sure as there, and each of there is printed.
specified = {}
for row in (spec / "model.md").read_text(encoding="utf-8").splitlines():
    if found := re.fullmatch(r"\| `([a-z_0-9]+)` \|.*\| (exact|expected|calibrated)[^|]* \| [^|]+ \|", row):
        assert found[1] not in specified, row
        specified[found[1]] = found[2]
assert dict(used) == specified and len(used) == len(specified), used ^ set(specified.items())
# So does each member of a calibration.
members = {name for cell in re.findall(r"^\| ((?:`[a-z_]+`(?:, )?)+) \|", (spec / "calibration.md").read_text(encoding="utf-8"),
                                       re.MULTILINE) for name in re.findall(r"`([a-z_]+)`", cell)}
shipped = json.loads((spec.parents[1] / "lib/blindbook/model/shipped_calibration.json").read_text(encoding="utf-8"))
assert members | {"schema"} == set(shipped), members ^ set(shipped)
PYTHON

# Runs as they are made, day by day: 5,000 numbers of ranges kept for fiction, of which 30 leave and 25 join.
numbers() {
  local prefix
  for prefix in 4930 23125 4969 90009 4940 66969 49221 4710 4989 99998; do
    echo "$prefix"
  done | paste --delimiters='' - - | while read -r prefix; do seq -f "+$prefix%03.0f" 0 999; done
}
rows() {
  echo number,label,discoverable
  numbers | sed -n "$1p" | awk '{ printf "%s,@u%s:city.example,yes\n", $1, substr($1, 2) }'
}
numbers | awk 'NR % 37 == 0 { printf "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:P%d\r\nTEL:%s\r\nEND:VCARD\r\n", NR, $1 }' >book.vcf

# day_of MODE DAY: publishes that day's list
day_of() {
  case $2 in
    1) rows 1,4975 ;;
    2) rows 6,5000 ;;
  esac >subscribers.csv
  local labels=(--labels "$1")
  [ "$1" = none ] || labels+=(--label-template '@{}:city.example' --label-bytes 24)
  run 0 publish --data operator --subscribers subscribers.csv "${labels[@]}"
}
# discover REPORT WORD..
discover() {
  local report=$1
  shift
  run 0 discover --server "$url" --operator-key operator/public/operator.pub --token-file token --contacts book.vcf \
    --state client/state --report "$report" --format json "$@"
}

for mode in none embedded resolve; do
  rm -rf operator client
  run 0 init --data operator --operator "City of Example" --unsealed-key
  day_of "$mode" 1
  start_serve --data operator --listen 127.0.0.1:0
  run 0 token --data operator --account alice --scope both
  (umask 077 && cp out token)
  discover first.json
  cp out first-run.json
  day_of "$mode" 2
  for _ in $(seq 100); do
    ! grep -q '"seq":2[,}]' serve.log || break
    sleep 0.1
  done
  discover second.json --refresh
  numbers | sed -n 37p >wanted
  if [ "$mode" = resolve ]; then
    discover third.json --open-from wanted
  fi
  stop_serve
  run 0 estimate --subscribers 4975 --contacts 135 --churn-joins 0.005025 --churn-leaves 0.001005 --labels "$mode" \
    --format json
  python3 -B - "$mode" <<'PYTHON' || fail "the estimate and the runs of mode $mode disagree"
import json, sys
mode = sys.argv[1]
value = {figure["figure"]: figure["value"] for figure in json.load(open("out"))["figures"]}

def within(part, wanted, measured, what):
    assert abs(wanted / measured - 1) <= part, (mode, what, wanted, measured)

def run_of(name):
    requests = json.load(open(name))["requests"]
    assert all(request["status"] == 200 for request in requests), requests
    announcement, = (r["received"]["body"] for r in requests if r["path"] == "/v1/announcement")
    return (requests, sum(r["sent"]["body"] for r in requests), sum(r["received"]["body"] for r in requests) - announcement,
            sum(r[way]["head"] for r in requests for way in ("sent", "received")))

for name, figures, part in (("first.json", "client_first_day", 0.02), ("second.json", "client_day", 0.05)):
    requests, sent, received, heads = run_of(name)
    assert sent == value[figures + "_sent"], (mode, name, sent, value)
    assert len(requests) == value[figures + "_requests"], requests
    assert len({request["connection"] for request in requests}) == 2, requests
    # What an announcement has grows by one patch a day: it is held by itself.
    within(part, value[figures + "_received"] - value["announcement_bytes"], received, name)
    within(0.2, value[figures + "_heads"], heads, "heads")
batch, = (r for r in run_of("first.json")[0] if r["method"] == "POST")
assert (batch["sent"]["body"], batch["received"]["body"]) == (value["evaluate_request"], value["evaluate_answer"])
assert json.load(open("first-run.json"))["disclosed"]["evaluations_charged"] == value["batch_elements"]
update, = (r["received"]["body"] for r in run_of("second.json")[0] if "/patch/" in r["path"])
within(0.05, value["patch_bytes"], update, "patch")
if mode == "resolve":
    label, = (r for r in run_of("third.json")[0] if r["path"] == "/v1/resolve")
    assert (label["sent"]["body"], label["received"]["body"]) == (value["label_request"], value["label_answer"]), label
PYTHON
done
