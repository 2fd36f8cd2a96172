#!/usr/bin/env bash
# discover --report: every byte that left the device, as a proxy on the way saw it, however the run ends.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"
. "$(dirname "${BASH_SOURCE[0]}")/proxy.sh"
compare=$(dirname "${BASH_SOURCE[0]}")/compare_report.py
unset LC_ALL LC_MESSAGES LANG

make_operator
make_address_book
make_token alice
start_serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase

# ask CODE URL WORD..: one run with a report in report.json
ask() {
  local code=$1 server=$2
  shift 2
  run "$code" discover --server "$server" --operator-key operator/public/operator.pub --token-file token --region DE \
    --contacts contacts.vcf --format json --report report.json "$@"
}
# value EXPRESSION: of a Python expression over `it`, the report
value() {
  python3 -c 'import json, sys; it = json.load(open("report.json")); print(eval(sys.argv[1]))' "$1"
}
expect_report() {
  local got
  got=$(value "$1")
  [ "$got" = "$2" ] || fail "in the report $1 is $got instead of $2"
}
expect_as_recorded() {
  python3 "$compare" report.json record.json token >differences || fail "$1: $(cat differences)"
}
# through CODE FAULT..: a run without state through a proxy, held against its record
through() {
  local code=$1
  shift
  start_proxy "$url" "$@"
  ask "$code" "$proxied" --no-state
  stop_proxy
  expect_as_recorded "$*"
}

# A run as planned.
start_proxy "$url"
ask 0 "$proxied"
stop_proxy
expect_as_recorded "a first run"
[ "$(stat -c %a report.json)" = 600 ] || fail "others may read the report"
expect_report 'it["schema"], it["run"]["end"], it["run"]["reason"]' "('blindbook.disclosure/1', 'complete', None)"
expect_report '[(r["method"], r["path"].split("/")[2], r["connection"], r["with_account"], r["status"]) for r in it["requests"]]' \
  "[('GET', 'announcement', 1, False, 200), ('POST', 'evaluate', 2, True, 200), ('GET', 'directory', 1, False, 200)]"
expect_report '[(p["count"], p["bytes_each"]) for r in it["requests"] for p in r["contains"] if p["part"] == "blinded-elements"]' \
  '[(64, 32)]'
expect_report 'it["token"]["account"], it["token"]["expires_at"] - it["token"]["issued_at"]' "('alice', 600)"
expect_report 'it["service"]["operator"], it["service"]["transport"], it["requests"][0]["readable_by"]["network"]' \
  "('City of Example', 'plain', ['everything'])"
expect_report 'it["naive_upload"]' "{'numbers': 6, 'names': 5}"
expect_json '[it["disclosed"][name] for name in ("bytes_sent", "bytes_received")]' \
  "[$(value 'it["bytes_sent"]'), $(value 'it["bytes_received"]')]"
# The comparison notices a single byte.
sed 's/"head": \([0-9]*\)\([0-9]\),/"head": \11,/' report.json >wrong.json
cmp -s report.json wrong.json || ! python3 "$compare" wrong.json record.json token >/dev/null || fail "a wrong report passed"

# A later run, which fetches no directory.
start_proxy "$url"
ask 0 "$proxied"
stop_proxy
expect_as_recorded "a later run"
expect_report 'len(it["requests"]), it["batches"]' "(2, [{'size': 16, 'resumed': False, 'answered': True}])"

# A service that closes an idle connection: the request is sent twice, and told twice.
through 0 cut:answer:/v1/announcement:end
expect_report '[(r["path"].split("/")[2], r["connection"], r["failure"]) for r in it["requests"]]' \
  "[('announcement', 1, None), ('evaluate', 2, None), ('directory', 1, 'http.truncated'), ('directory', 3, None)]"
expect_report 'it["requests"][2]["sent"] == it["requests"][3]["sent"], it["run"]["end"]' "(True, 'complete')"

# A run that fails tells what had been sent: cut in each part of request and answer.
for fault in cut:answer:/v1/announcement:0 cut:answer:/v1/announcement:40 cut:answer:/v1/announcement:400 \
  cut:request:/v1/evaluate:0 cut:request:/v1/evaluate:900 cut:answer:/v1/evaluate:0 cut:answer:/v1/evaluate:60 \
  cut:answer:/v1/evaluate:1000 cut:answer:/v1/directory:100:2 cut:answer:/v1/directory:300; do
  through 1 "$fault"
  expect_report 'it["run"]["end"], it["run"]["reason"]' "('failed', {'fault': 'unavailable', 'rule': 'http.truncated'})"
  expect_report 'it["requests"][-1]["failure"]' http.truncated
done

# What an earlier run had sent and is sent again.
start_proxy "$url" cut:answer:/v1/evaluate:0
ask 1 "$proxied" --state again/state
stop_proxy
expect_as_recorded "a run without answer"
expect_report 'it["batches"]' "[{'size': 64, 'resumed': False, 'answered': False}]"
start_proxy "$url"
ask 0 "$proxied" --state again/state
stop_proxy
expect_as_recorded "the run after it"
expect_report '[(b["size"], b["resumed"], b["answered"]) for b in it["batches"]]' '[(64, True, True), (16, False, True)]'

# Nobody there; somebody who speaks no HTTP; somebody who is no blindbook.
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
ask 1 "http://127.0.0.1:$port" --no-state
expect_report '[(r["connection"], r["sent"], r["received"], r["failure"]) for r in it["requests"]]' \
  "[(None, {'head': 0, 'body': 0}, {'head': 0, 'body': 0}, 'http.connect')]"
exec {portal}< <(exec python3 - <<'PYTHON'
import socket
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
for answer in (b"220 mail.example ready\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n<h1>Log in</h1>"[:-2]):
    peer, _ = listener.accept()
    peer.recv(65536)
    peer.sendall(answer)
    peer.close()
PYTHON
)
helpers+=("$!")
read -r port <&"$portal"
start_proxy "http://127.0.0.1:$port"
ask 1 "$proxied" --no-state
stop_proxy
expect_as_recorded "no HTTP"
expect_report 'it["requests"][0]["failure"], it["bytes_received"]' "('http.answer', 24)"
start_proxy "http://127.0.0.1:$port"
ask 1 "$proxied" --no-state
stop_proxy
expect_as_recorded "no envelope"
expect_report 'it["requests"][0]["failure"], it["requests"][0]["status"], it["run"]["end"]' "(None, 200, 'failed')"

# A run that is killed leaves what it had sent.
start_proxy "$url" hold:answer:/v1/evaluate:0
"$BLINDBOOK" discover --server "$proxied" --operator-key operator/public/operator.pub --token-file token --region DE \
  --contacts contacts.vcf --no-state --report report.json >out 2>err </dev/null &
running=$!
wait_until_held
kill -KILL "$running"
wait "$running" || true
stop_proxy
expect_report 'it["run"]["end"], [r["path"] for r in it["requests"]]' "('unfinished', ['/v1/announcement'])"

# An allowance that ends half-way.
stop_serve
allow 64
make_token bert
start_serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase
ask 0 "$url" --state bert/state
start_proxy "$url"
ask 3 "$proxied" --state bert/state
stop_proxy
expect_as_recorded "an allowance that is spent"
expect_report 'it["run"]["end"], it["run"]["reason"]["rule"], it["requests"][1]["status"]' \
  "('partial', 'service.allowance', 429)"
make_token alice

# What cannot be reported is not sent.
start_proxy "$url"
run 1 discover --server "$proxied" --operator-key operator/public/operator.pub --token-file token --region DE \
  --contacts contacts.vcf --no-state --report nowhere/report.json
stop_proxy
[ "$(python3 -c 'import json; print(json.load(open("record.json"))["connections"])')" = "[]" ] || fail "a connection was opened"
expect_err "nowhere"

# Pages: both languages, well-formed, nothing of the address book, and nothing of others that works as HTML.
stop_serve
hostile='<script>alert("x")</script>&amp;'
run 0 init --data hostile --operator "$hostile" --passphrase-file passphrase --root-key-out hostile.key
run 0 publish --data hostile --subscribers subscribers.csv --passphrase-file passphrase
run 0 token --data hostile --account "$hostile"
cp out token
start_serve --data hostile --listen 127.0.0.1:0 --passphrase-file passphrase
page() {
  local file=$1 code=$2
  shift 2
  run "$code" discover --operator-key hostile/public/operator.pub --token-file token --region DE --contacts contacts.vcf \
    --no-state --report "$file" "$@"
}
page en.html 0 --server "$url"
LANG=de_DE.UTF-8 page de.html 0 --server "$url"
LANG=de_DE.UTF-8 LC_ALL=C page other.html 0 --server "$url"
page chosen.html 0 --server "$url" --report-language de
LANG=de_DE.UTF-8 page refused.html 1 --server "http://127.0.0.1:1" --report-language en
page report.json 0 --server "$url"
[ "$(stat -c %a en.html)" = 600 ] || fail "others may read the page"
python3 - <<'PYTHON' || fail "the pages are not as they should be"
import re
import xml.etree.ElementTree as xml

def page_of(path):
    text = open(path, encoding="utf-8").read()
    root = xml.fromstring(text)
    tags = [element.tag.split("}")[-1] for element in root.iter()]
    assert not {"script", "link", "img", "iframe", "object", "a", "form"} & set(tags), tags
    for element in root.iter():
        assert not [name for name in element.attrib if name.startswith("on") or name in ("src", "href", "style")]
    assert text.count("http") == text.count("http://www.w3.org/1999/xhtml") + text.count("http-equiv") + \
        text.count("http://127.0.0.1") + text.count("http.connect"), "an address of the network"
    assert "{" not in "".join(piece for element in root.iter() if not element.tag.endswith("style")
                              for piece in (element.text or "", element.tail or "")), "a value was left out"
    return root, "".join(root.itertext()), tags

for path, language, title in (("en.html", "en", "What left this device"), ("de.html", "de", "Was dieses Gerät verlassen hat"),
                              ("other.html", "en", "What left this device"),
                              ("chosen.html", "de", "Was dieses Gerät verlassen hat"),
                              ("refused.html", "en", "What left this device")):
    root, words, tags = page_of(path)
    assert root.attrib["lang"] == language, path
    assert tags.count("h1") == 1 and root.find(".//{*}h1").text == title, path
    assert '<script>alert("x")</script>&amp;' in words, path
    assert words.count("alert") >= (3 if path != "refused.html" else 1), path
english, german = page_of("en.html")[2], page_of("de.html")[2]
assert english == german, "the languages differ in what they show"
refused = page_of("refused.html")[1]
assert "nothing of a request was sent" in refused and "no connection (http.connect)" in refused

kept_here = ["Anna", "Muster", "Work", "Carla", "Dora", "Stranger", "call me", "city.example", "contacts.vcf"]
kept_here += [digits for n in ("23125001", "23125003", "23125004", "23125999") for digits in (n, n[:5] + " " + n[5:])]
for path in ("en.html", "de.html", "other.html", "refused.html", "report.json"):
    text = open(path, encoding="utf-8").read()
    found = [word for word in kept_here if re.search(rf"\b{word}\b", text)]  # "Anna" also begins a German word
    assert not found, (path, found)
    assert open("token").read().strip() not in text, path
PYTHON

run 2 discover --contacts contacts.vcf --dry-run --report report.html
expect_err "a dry run sends nothing"
cp contacts.vcf before.vcf
ln -s contacts.vcf other-name.vcf
for name in contacts.vcf other-name.vcf; do
  run 2 discover --server "$url" --operator-key hostile/public/operator.pub --token-file token --contacts contacts.vcf \
    --report "$name"
  expect_err "would take the place of --contacts"
done
cmp contacts.vcf before.vcf || fail "the report took the place of the address book"
run 2 discover --server "$url" --operator-key hostile/public/operator.pub --token-file token --contacts contacts.vcf \
  --report report.json --report-language de
expect_err "--report-language is for a report that is a page"
stop_serve
