#!/usr/bin/env bash
# After a full run - init, publish, serve, token, discover twice - no number, tag, point, label or name stands in anything
# that was written or sent: logs, metrics, ledger, keys, public objects, state, reports, temporary files, traffic, core dumps.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"
. "$(dirname "${BASH_SOURCE[0]}")/proxy.sh"
search_tool=$(dirname "${BASH_SOURCE[0]}")/search_secrets.py

mkdir temporary traffic stderr
export TMPDIR=$scene/temporary
# Keys are not sealed, so that the search knows each tag.
step=0
quietly() {
  run "$@"
  step=$((step + 1))
  cp err "stderr/$step"
}
quietly 0 init --data operator --operator "City of Example" --unsealed-key --root-key-out root.key
cat >subscribers.csv <<'CSV'
number,label,discoverable
+493023125101,@quincenera:city.example,yes
+493023125102,@wolkenbruch:city.example,yes
+493023125103,@xylographie:city.example,yes
+493023125104,@zwetschge:city.example,no
CSV
quietly 0 publish --data operator --subscribers subscribers.csv
epoch_key=$(find operator/keys -name '????????????????????????????????.key')

# Everybody of the list, in spellings of an address book, and a stranger.
printf '%s\r\n' BEGIN:VCARD VERSION:3.0 'FN:Philippa Nachtigall' 'TEL:030 23125101' END:VCARD \
  BEGIN:VCARD VERSION:3.0 'FN:Rasmus Ochsenknecht' 'TEL:+49 30 23125-102' END:VCARD \
  BEGIN:VCARD VERSION:3.0 'FN:Theodora Umlauf' 'TEL:0049 30 23125103' END:VCARD \
  BEGIN:VCARD VERSION:3.0 'FN:Vincent Yxmann' 'TEL:+493023125104' 'TEL:030/23125105' END:VCARD >contacts.vcf
printf '%s\n' Philippa Nachtigall Rasmus Ochsenknecht Theodora Umlauf Vincent Yxmann quincenera wolkenbruch xylographie \
  zwetschge >words
{ cat subscribers.csv; echo "+493023125105,,no"; } >searched.csv

search() {
  python3 "$search_tool" --epoch-key "$epoch_key" --subscribers searched.csv --words words --skip-tags '*.bb[dc]' "$@"
}
expect_no_trace() {
  search "$@" >findings || fail "traces: $(cat findings)"
}

# serve and discover, with cores allowed as far as the system allows them.
(umask 077 && cat >dumping <<'SH'
#!/usr/bin/env bash
ulimit -c unlimited
exec "$@"
SH
chmod +x dumping)
exec {serve_out}< <(exec ./dumping "$BLINDBOOK" serve --data operator --listen 127.0.0.1:0 --admin-listen 127.0.0.1:0 \
  2>serve.log </dev/null)
serve_pid=$!
read -r line <&"$serve_out" || fail "serve did not start"
url=${line#listening on }
read -r _ <&"$serve_out"
read -r line <&"$serve_out"
metrics_url=${line#metrics on }
quietly 0 token --data operator --account alice
(umask 077 && cp out token)

discover=(discover --operator-key operator/public/operator.pub --token-file token --region DE --contacts contacts.vcf)
for turn in 1 2; do
  start_proxy "$url"
  quietly 0 "${discover[@]}" --server "$proxied" --report "report$turn.json"
  stop_proxy
  expect_out "3 of 5 numbers subscribe"
  # The record is in base64; what is searched is the bytes. The directory, which is made of tags, has a file of its own.
  python3 - "traffic/$turn" <<'PYTHON'
import base64, json, sys
with open(sys.argv[1], "wb") as traffic, open(sys.argv[1] + ".bbd", "wb") as directory:
    for connection in json.load(open("record.json"))["connections"]:
        for exchange in connection["exchanges"]:
            for message in exchange["request"], exchange["answer"]:
                is_directory = message is exchange["answer"] and "/v1/directory/" in exchange["request"]["start_line"]
                traffic.write(base64.b64decode(message["head"]))
                (directory if is_directory else traffic).write(base64.b64decode(message["body"]))
PYTHON
done
quietly 0 "${discover[@]}" --server "$url" --report report.html
# What asks in another way than a client does, with numbers and names wherever there is room for them. mixed_traffic.py has
# more of it.
for path in /v1/+493023125103 "/v1/evaluate?account=alice" /v1/evaluate /alice; do
  curl --silent --output /dev/null --user-agent "alice +493023125103" --header "Authorization: Bearer +493023125103" \
    --data "tel:+493023125103" "$url$path"
done
curl --silent --fail "$metrics_url" >metrics || fail "there are no metrics"
for file in serve.log metrics operator/blindbook.db operator/blindbook.db-wal state-home/blindbook/*/state traffic/1 report.html; do
  [ -s "$file" ] || fail "there is no $file to search"
done
expect_no_trace serve.log metrics stderr operator state-home temporary traffic report1.json report2.json report.html

# Log and metrics name neither who asked nor from where; the ledger has to know accounts.
printf '%s\n' alice 127.0.0.1 eyJ Bearer >askers
python3 "$search_tool" --epoch-key "$epoch_key" --subscribers searched.csv --words askers serve.log metrics >findings ||
  fail "traces: $(cat findings)"

# No core, whatever is allowed: aborted while keys are in memory, and while the address book is.
aborts_without_core() {
  local pid=$1 status
  grep -q '^Max core file size *0  *0 ' "/proc/$pid/limits" || fail "$2 may leave a core: $(grep core "/proc/$pid/limits")"
  kill -ABRT "$pid"
  status=0
  wait "$pid" || status=$?
  [ "$status" = 134 ] || fail "$2 ended with $status instead of SIGABRT"
}
start_proxy "$url" hold:answer:/v1/evaluate:0
./dumping "$BLINDBOOK" "${discover[@]}" --server "$proxied" --no-state >out 2>stderr/aborted </dev/null &
running=$!
wait_until_held
aborts_without_core "$running" discover
stop_proxy
aborts_without_core "$serve_pid" serve
serve_pid=
exec {serve_out}<&-
cores=$(find . -name 'core*')
[ -z "$cores" ] || fail "there is a core: $cores"
expect_no_trace serve.log stderr operator state-home temporary

# A number that is planted is found, in each spelling and wherever it stands; so the silence above means something.
search --self-test >findings || fail "the search misses: $(cat findings)"
for place in serve.log operator/blindbook.db operator/public/planted; do
  mkdir -p planted
  rm -rf planted/*
  cp -a operator serve.log stderr planted/
  printf '{"event":"request","number":"+493023125103"}\n' >>"planted/$place"
  ! search planted >findings || fail "a number planted in $place was not found"
  grep -q "planted/$place: number" findings || fail "the search found something else: $(cat findings)"
done
# So are contacts and matches in what this user asked to see.
! search contacts.vcf >findings || fail "the search does not find the address book"
