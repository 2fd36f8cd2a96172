#!/usr/bin/env bash
# What the service and the network can measure says nothing about the address book: two books of one size step look the
# same on the wire, byte count by byte count, whatever is in them.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"
. "$(dirname "${BASH_SOURCE[0]}")/proxy.sh"
compare=$(dirname "${BASH_SOURCE[0]}")/compare_shapes.py

init_operator
# Subscribers have even numbers; labels are of every length, since a match must not show by the size of anything.
python3 - >subscribers.csv <<'PYTHON'
print("number,label,discoverable")
for i in range(0, 400, 2):
    print(f"+4930231{25000 + i},@{'a' * (i % 20)}{i}:city.example,yes")
PYTHON
run 0 publish --data operator --subscribers subscribers.csv --passphrase-file passphrase
allow 100000
start_serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase
make_token alice

# book NAME FIRST STEP COUNT: an address book with COUNT numbers.
book() {
  python3 - "$@" <<'PYTHON'
import sys
name, first, step, count = sys.argv[1], *map(int, sys.argv[2:])
with open(name, "w", newline="") as file:
    file.write("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Nobody\r\nEND:VCARD\r\n")
    for i in range(first, first + step * count, step):
        file.write(f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Contact {i}\r\nTEL:+4930231{25000 + i}\r\nEND:VCARD\r\n")
PYTHON
}
# ask BOOK NAME WORD..: one run through a proxy; its traffic goes to NAME.record.
ask() {
  local book=$1 name=$2
  shift 2
  start_proxy "$url"
  run 0 discover --server "$proxied" --operator-key operator/public/operator.pub --token-file token --contacts "$book" \
    --format json "$@"
  stop_proxy
  mv record.json "$name.record"
}
expect_same() {
  python3 "$compare" "$1.record" "$2.record" >differences || fail "$1 and $2: $(cat differences)"
}
expect_other() {
  ! python3 "$compare" "$1.record" "$2.record" >differences || fail "$1 and $2 look the same, so the comparison sees nothing"
}
matches() {
  json 'len(it["matches"])'
}

book empty.vcf 0 1 0
book subscribers.vcf 0 2 60
book strangers.vcf 1 2 60
book full.vcf 0 1 64
book larger.vcf 0 1 65

# The first run in an epoch: nobody, 60 subscribers, 60 strangers, and a batch that is full of real numbers.
ask empty.vcf none --state none/state
ask subscribers.vcf all --state all/state
[ "$(matches)" = 60 ] || fail "not all of them match"
ask strangers.vcf no --state no/state
[ "$(matches)" = 0 ] || fail "some of them match"
ask full.vcf full --state full/state
for name in all no full; do
  expect_same none "$name"
done
ask larger.vcf larger --state larger/state
expect_other none larger

# Later runs: nothing new, with matches and without, and as many new numbers as a batch holds, all of them subscribers
# or none.
book more_subscribers.vcf 0 2 76
book more_strangers.vcf 1 2 76
ask empty.vcf none_again --state none/state
ask subscribers.vcf all_again --state all/state
ask more_subscribers.vcf all_more --state all/state
[ "$(json 'it["evaluated"], len(it["matches"])')" = "(16, 76)" ] || fail "other numbers are new"
ask more_strangers.vcf no_more --state no/state
[ "$(json 'it["evaluated"], len(it["matches"])')" = "(16, 0)" ] || fail "other numbers are new"
for name in all_again all_more no_more; do
  expect_same none_again "$name"
done
expect_other none none_again

# A later edition: everybody fetches the patch that leads to it, over a connection without the token.
stop_serve
run 0 publish --data operator --subscribers subscribers.csv --passphrase-file passphrase
start_serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase
ask empty.vcf none_edition --state none/state
ask more_subscribers.vcf all_edition --state all/state
ask strangers.vcf no_edition --state no/state
expect_same none_edition all_edition
expect_same none_edition no_edition
[ "$(python3 -c 'import json
for connection in json.load(open("all_edition.record"))["connections"]:
    print([exchange["request"]["start_line"].split("/")[2].split(" ")[0] for exchange in connection["exchanges"]])')" = \
  "['announcement', 'patch']
['evaluate']" ] || fail "the connections carry something else"

# The comparison notices a token on the wrong connection.
sed 's/"fields": {/"fields": {"authorization": "Bearer x", /' none.record >wrong.record
python3 "$compare" wrong.record wrong.record >differences && fail "a token beside the announcement went unnoticed"
grep -q "the token crossed a connection" differences || fail "the comparison says: $(cat differences)"
stop_serve
