#!/usr/bin/env bash
# `blindbook bench` as people run it: what it gives in each format, what it refuses, and where it is looked for.
# shellcheck source-path=SCRIPTDIR source=../../../cli/scene.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../../cli/scene.sh"

small=(--protocols "naive,blindbook-scalar51" --subscribers "100,2^8" --contacts "8,64" --rounds 2)

# Names and figures of a result, as far as they can be known beforehand.
cat >check.py <<'PYTHON'
import json, sys
result = json.load(open(sys.argv[1]))
assert result["schema"] == "blindbook.bench/1", result["schema"]
grid = result["grid"]
places = [(p, n, c) for n in (100, 256) for c in (8, 64) for p in ("naive", "blindbook-scalar51")]
assert grid["subscribers"] == [100, 256] and grid["contacts"] == [8, 64] and grid["rounds"] == 2, grid
runs = [(r["protocol"], r["subscribers"], r["contacts"], r["round"], r["warm_up"]) for r in result["runs"]]
assert sorted(runs) == sorted((*place, r, r == 0) for place in places for r in range(3)), runs
assert len(result["setups"]) == 4
assert [(s["protocol"], s["subscribers"], s["contacts"]) for s in result["summary"]] == places
for run in result["runs"]:
    assert run["missed"] == 0 and run["false_matches"] == 0 and run["matches"] == run["contacts"] // 4, run
    naive = run["protocol"] == "naive"
    assert run["client"]["messages_sent"] == (1 if naive else 2) and (run["download_bytes"] == 0) == naive, run
for summary in result["summary"]:
    online = summary["online_cpu_seconds"]
    assert 0 < online["least"] <= online["median"] <= online["most"], summary
    sizes = {r["client"]["bytes_sent"] + r["service"]["bytes_sent"] for r in result["runs"] if not r["warm_up"]
             and all(r[k] == summary[k] for k in ("protocol", "subscribers", "contacts"))}
    assert min(sizes) <= summary["online_bytes"] <= max(sizes), summary
    assert set(summary["network_seconds"]) == {n["name"] for n in result["networks"]}, summary
environment = result["environment"]
assert environment["started"] <= environment["finished"] and environment["cores"] > 0, environment
PYTHON

run 0 bench "${small[@]}" --format json
expect_err "blindbook: comparing 2 protocols, for about "
python3 check.py out || fail "the JSON"

run 0 bench "${small[@]}" --format json --output result.json
[ ! -s out ] || fail "the result went to standard output as well"
expect_err "wrote result.json"
python3 check.py result.json || fail "the JSON in a file"
[ "$(ls)" = "$(printf '%s\n' check.py err out result.json)" ] || fail "something was left behind: $(ls)"

run 0 bench --protocols naive --subscribers 50 --contacts 4 --rounds 1
expect_out "50 subscribers, 4 contacts" "hides contacts" "Who learns what" "every contact, and which of them subscribe"
run 0 bench --protocols naive --subscribers 50 --contacts 4 --rounds 1 --format csv
[ "$(wc -l <out)" = 2 ] || fail "not a heading and a row"
expect_out "naive,50,4,1,"
run 0 bench --protocols naive,blindbook-scalar51 --subscribers 50 --contacts 4097 --rounds 1
expect_out "blindbook-scalar51: capped at 4,096 contacts:"

run 0 bench --list
expect_out "  naive: " "the service learns"
run 0 bench --list --format json
python3 -c 'import json; assert {"naive", "sha256", "blindbook-scalar51"} <= {p["name"] for p in json.load(open("out"))}'

# What cannot be is refused before anything starts.
run 2 bench --subscribers 0
expect_err "--subscribers cannot be '0'" "from 1 to 90,000,000"
run 2 bench --contacts 2^40
expect_err "--contacts cannot be '2^40'" "from 1 to 1,000,000"
run 2 bench --rounds 1,2
expect_err "--rounds is one number"
run 2 bench --protocols rot13
expect_err "there is no protocol 'rot13'" "there are "
run 2 bench --resume
expect_err "--resume needs --output FILE"
run 2 bench --resume --output nothing.json
expect_err "nothing.json.journal is not there"
run 2 bench --resume --output nothing.json --rounds 3
expect_err "--rounds cannot be changed by --resume"
run 2 bench --attack --output there.json
expect_err "--output says nothing beside --attack"
run 2 bench --list --attack
expect_err "--attack says nothing beside --list"
run 2 bench --calibrate calibration.json --rounds 3
expect_err "--rounds says nothing beside --calibrate"
run 2 bench --from result.json --report page.html --seed 4
expect_err "--seed says nothing beside --from"
run 2 bench --attack --format csv
expect_err "--attack has no rows"
run 2 bench --list --format csv
expect_err "--list has no rows"
run 2 bench --protocols naive --subscribers 10 --output no/such/folder.json
expect_err "nothing can be written in " "--output names a file in a folder that is there"
run 2 bench --protocols naive --subscribers 10 --report .
expect_err ". is there, and is no file"
run 2 bench --protocols naive --subscribers 10 --output one --report ./one
expect_err "--output and --report are the same file"
run 2 bench --from result.json --report result.json
expect_err "--from and --report are the same file"
run 2 bench --from . --report page.html
expect_err ". is not a regular file"
run 2 bench --protocols blindbook-scalar51 --contacts 4097
expect_err "nothing of this can be compared: blindbook-scalar51 is capped at 4,096 contacts"
run 2 bench --calibrate .
expect_err ". is there, and is no file"
mkfifo pipe
run 2 bench --from pipe --report page.html
python3 -c 'print("[" * 100000 + "]" * 100000)' >deep.json
run 2 bench --from deep.json --report page.html
expect_err "deep.json is not JSON"
run 2 bench --from check.py --report page.html
expect_err "check.py is not JSON"
run 2 bench --from result.json
expect_err "--from needs --report FILE.html"
run 0 bench --from result.json --report page.html
expect_err "wrote page.html"
grep -q "What private contact discovery costs" page.html || fail "the page"
run 2 bench --frobnicate
expect_err "blindbook bench has no option --frobnicate"
echo "{}" >taken.json.journal
run 2 bench --protocols naive --subscribers 10 --contacts 4 --rounds 1 --output taken.json
expect_err "taken.json.journal holds a comparison that was interrupted" "--resume goes on with it"

# Two tables of 90 million strings, and the list that the second is made from.
available=$(sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo)
if [ "$available" -lt 30000000 ]; then
  run 2 bench --protocols naive,sha256 --subscribers 90000000 --contacts 64
  expect_err "90,000,000 subscribers would take up to 35" "for 2 protocols side by side" "are available"
fi

# A build without it names the option that makes it.
mkdir alone
cp "$BLINDBOOK" alone/blindbook
BLINDBOOK=$scene/alone/blindbook run "$(exit_code_of bench.missing)" bench --list
expect_err "has no blindbook-bench" "BLINDBOOK_BUILD_BENCH"
# Where it lies is asked anew each time; what cannot be started is said to be so.
printf 'no program' >alone/blindbook-bench
chmod +x alone/blindbook-bench
BLINDBOOK=$scene/alone/blindbook run "$(exit_code_of bench.start)" bench --list
expect_err "alone/blindbook-bench cannot be started"
