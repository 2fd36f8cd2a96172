#!/usr/bin/env bash
# Labels resolved on use, from the operator's list to what a person sees: nothing is asked for by itself, a label is told
# to who asks for it, the report says so, and who withdraws is gone.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

init_operator
cat >subscribers.csv <<'CSV'
number,label,discoverable
+493023125001,@anna:city.example,yes
+493023125003,@carla:city.example,yes
CSV
publish_subscribers --labels resolve --label-template '@{}:city.example'
epoch=$(sed -n 's/^epoch *//p' out)
[ "$(stat -c %a "operator/labels/$epoch/1.bbs")" = 600 ] || fail "others may read the labels"
[ -z "$(find operator/public -name '*.bbs')" ] || fail "the labels are public"
if grep -qr anna operator/public operator/labels; then
  fail "a label stands in clear"
fi
run 0 inspect "operator/labels/$epoch/1.bbs"
expect_out "label store" "$epoch"
run 0 inspect "operator/public/directory/$epoch/1.bbd" --format json
expect_json 'it["label_bytes"]' 0

make_address_book
start_serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase
run 0 token --data operator --account alice --scope both
(umask 077 && cp out token)

# By itself: matches, and no label.
ask_for_contacts 0 --format json
expect_json '[match["label"] for match in it["matches"]]' "[None, None, None]"
expect_json 'it["disclosed"]["labels_asked"]' 0
expect_json 'any("resolve" in request["path"] for request in it["disclosed"]["requests"])' False

# A person asks for one, as people write a number; a stranger is not asked about.
printf '030 23125001\n\n+49 30 23125999\r\n' >wanted
ask_for_contacts 0 --open-from wanted --format json --report report.json
expect_json '[match["label"] for match in it["matches"]]' "['@anna:city.example', '@anna:city.example', None]"
expect_json 'it["disclosed"]["labels_asked"], it["disclosed"]["labels_charged"]' "(1, 1)"
expect_json 'it["resolved_labels"]' "{'opened': 1, 'without_label': 0, 'no_matches': 1, 'stopped': False}"
expect_err "1 number of --open-from did not match"
cp report.json out
expect_json 'it["labels_asked"], it["labels_charged"]' "(1, 1)"
expect_json '[part["part"] for part in it["requests"][-1]["contains"]][-2:]' "['body-header', 'handle']"
expect_json 'sum(part["bytes"] for part in it["requests"][-1]["contains"]) == sum(it["requests"][-1]["sent"].values())' True
expect_json 'it["requests"][-1]["connection"] in [request["connection"] for request in it["requests"][:-1]]' False

# From standard input, and the page for people.
"$BLINDBOOK" discover --server "$url" --operator-key operator/public/operator.pub --token-file token \
  --contacts contacts.vcf --region DE --open-from - --report report.html --report-language en >out 2>err \
  <<<"+493023125003" || fail "--open-from - failed"
expect_out "@carla:city.example" "1 label of matches asked for"
grep -q "can tell which of its subscribers that is" report.html || fail "the page does not warn"
if grep -q "which contacts were found: that was worked out" report.html; then
  fail "the page says that no match was told"
fi

# What cannot be.
ask_for_contacts 2 --open-from wanted --dry-run
expect_err "--dry-run"
ask_for_contacts 2 --open-from - --contacts -
expect_err "cannot both be standard input"
echo "call me" >wrong
ask_for_contacts 2 --open-from wrong
expect_err "wrong:1: this is no number"
run 0 token --data operator --account alice --scope evaluate
(umask 077 && cp out token)
ask_for_contacts 2 --open-from wanted
expect_err "does not allow to ask for labels"
run 0 token --data operator --account alice --scope resolve
(umask 077 && cp out token)
ask_for_contacts 2
expect_err "does not accept the access token"

# Who withdraws is told to nobody at the next edition; whoever asks learns no more than that nothing opens.
sed -i '/+493023125001/d' subscribers.csv
publish_subscribers
[ "$(ls "operator/labels/$epoch")" = 2.bbs ] || fail "an old store of labels stays"
run 0 token --data operator --account bert --scope both
(umask 077 && cp out token)
for _ in $(seq 50); do
  grep -q '"event":"serving","seq":2' serve.log && break
  sleep 0.2
done
ask_for_contacts 0 --open-from wanted --format json
expect_json '[match["label"] for match in it["matches"]]' "[None]"
expect_json 'it["resolved_labels"]["no_matches"]' 2

# The mode is fixed for the epoch.
run 2 publish --data operator --subscribers subscribers.csv --passphrase-file passphrase --labels embedded
expect_err "fixed for an epoch"
stop_serve
