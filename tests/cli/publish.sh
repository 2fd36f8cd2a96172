#!/usr/bin/env bash
# Subscriber lists: what is published, what is rejected and said, what --strict keeps.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

make_operator
expect_out "published             3" "not discoverable      1" "rejected              0" "edition               1"
expect_nothing_on err

cat >mixed.csv <<'CSV'
number,label,discoverable
+493023125001,@anna:city.example,yes
030 23125002,@bert:city.example,yes
+493023125003,@carla:city.example,perhaps
+493023125004,@dora:city.example,yes
+493023125004,@dora2:city.example,no
CSV
run 2 publish --data operator --subscribers mixed.csv --strict --passphrase-file passphrase
expect_err "blindbook: mixed.csv:3: no-region: " "blindbook: mixed.csv:4: discoverable-value: " \
  "blindbook: mixed.csv:5: duplicate: " "blindbook: mixed.csv:6: duplicate: " \
  "blindbook: hint: say with --region which country" "error: 4 rows were rejected" "hint: put them right, or leave out --strict"
! grep -q 23125 err || fail "a number stands on standard error"
run 0 inspect operator/public/announcement.bba --format json
expect_json 'it["seq"]' 1

run 0 publish --data operator --subscribers mixed.csv --format json --passphrase-file passphrase
expect_json 'it["schema"]' blindbook.publish/1
expect_json '[it[name] for name in ("rows", "published", "not_discoverable", "edition", "entries")]' '[5, 1, 0, 2, 1]'
expect_json '[(row["line"], row["reason"]) for row in it["rejected"]]' \
  "[(3, 'no-region'), (4, 'discoverable-value'), (5, 'duplicate'), (6, 'duplicate')]"
# A month of a client, under each label mode: one row of three left, on the way from the edition before.
expect_json 'it["client_bytes_a_month"] == it["client_month"]["labels_embedded"] > it["client_month"]["labels_none"] > 0' True
expect_json '[it["client_month"][name] for name in ("churn", "editions_measured", "labels_resolved", "label_bytes", "each_label_resolved")]' \
  "['measured', 1, $(json 'it["client_month"]["labels_none"]'), 24, 91]"
expect_json '[len(it[name]) for name in ("epoch", "root", "head")]' '[32, 64, 64]'
expect_json '[it["distinct_tags"], it["false_positives"]["per_lookup"] == 2**-120]' '[1, True]'
expect_json '{row["country"]: row["accounts_at_once"] for row in it["sweep"]}' \
  "{'CH': 3052, 'DE': 65674, 'EE': 660, 'NL': 6348}"

run 0 publish --data operator --subscribers mixed.csv --region DE --passphrase-file passphrase
expect_out "published             2"

# From standard input, and as JSON lines.
"$BLINDBOOK" publish --data operator --subscribers - --passphrase-file passphrase <subscribers.csv >out 2>err ||
  fail "publish from standard input"
expect_out "published             3"
echo '{"number": "+493023125001", "label": "@anna:city.example", "discoverable": true}' >subscribers.jsonl
run 0 publish --data operator --subscribers subscribers.jsonl --passphrase-file passphrase
expect_out "published             1"

# The labels of an epoch are fixed by its first publication.
run 2 publish --data operator --subscribers subscribers.csv --labels none --passphrase-file passphrase
run 2 publish --data operator --subscribers subscribers.csv --label-bytes many --passphrase-file passphrase
expect_err "--label-bytes cannot be 'many'"
run 2 publish --data operator --subscribers subscribers.csv --label-bytes 600 --passphrase-file passphrase
expect_err "a label field has 2 to 512 bytes" "hint: leave out --label-bytes"
run 2 publish --data operator --subscribers subscribers.csv --labels none --label-bytes 16 --passphrase-file passphrase
expect_err "neither a label length nor a template" "hint: leave out --label-bytes and --label-template"
run 0 init --data plain --operator Tests --passphrase-file passphrase --root-key-out plain.key
run 0 publish --data plain --subscribers subscribers.csv --labels none --passphrase-file passphrase
run 0 inspect plain/public/announcement.bba --format json
expect_json 'it["epochs"][0]["labels"], it["epochs"][0]["label_bytes"]' "('none', 0)"
run 0 init --data short --operator Tests --passphrase-file passphrase --root-key-out short.key
run 0 publish --data short --subscribers subscribers.csv --label-template '@{}:city.example' --label-bytes 16 \
  --passphrase-file passphrase
run 0 inspect short/public/announcement.bba --format json
expect_json 'it["epochs"][0]["label_template"], it["epochs"][0]["label_bytes"]' "('@{}:city.example', 16)"
# 14 bytes fit between what the template takes off.
sed 's/@bert/@bertram-the-elder/; s/:city.example,1$/:town.example,1/' subscribers.csv >long.csv
run 0 publish --data short --subscribers long.csv --passphrase-file passphrase
expect_err "blindbook: long.csv:3: label-length: " "blindbook: long.csv:4: label-template: " \
  "hint: a label has two bytes less than --label-bytes" "hint: the first publication of an epoch settles --label-template"

run 2 publish --data operator --subscribers missing.csv --passphrase-file passphrase
expect_err "missing.csv"
printf 'telephone,label\n1,2\n' >other.csv
run 2 publish --data operator --subscribers other.csv --passphrase-file passphrase
expect_err "has no single column number" "hint: its first line names the columns: number,label,discoverable"
# As a German Excel saves CSV.
tr , ';' <subscribers.csv >semicolons.csv
run 2 publish --data operator --subscribers semicolons.csv --passphrase-file passphrase
expect_err "has no single column number" "hint: separate with commas; this looks like semicolons"
: >empty.csv
run 2 publish --data operator --subscribers empty.csv --passphrase-file passphrase
expect_err "the subscriber list is empty" "hint: its first line names the columns"

# A list of nobody, on purpose or not.
head -n 1 subscribers.csv >nobody.csv
run 0 publish --data operator --subscribers nobody.csv --passphrase-file passphrase --format json
expect_json 'it["rows"], it["entries"]' '(0, 0)'
printf 'number,label,discoverable\n030 23125001,,yes\n030 23125002,,yes\n' >national.csv
run "$(exit_code_of publish.rows)" publish --data operator --subscribers national.csv --passphrase-file passphrase
expect_err "no well-formed row" "hint: put the rejected rows right: each has its line and reason"
[ "$(grep -c "hint: say with --region" err)" -eq 1 ] || fail "what to do about the region is not said once"
run 2 publish --data operator --subscribers subscribers.csv --region XX --passphrase-file passphrase
run 2 publish --data operator --subscribers subscribers.csv
expect_err "passphrase"
run 2 publish --data nowhere --subscribers subscribers.csv --passphrase-file passphrase
expect_err "nowhere is not an operator's folder" "blindbook init"
(umask 077 && echo wrong >wrong)
run 2 publish --data operator --subscribers subscribers.csv --passphrase-file wrong
expect_err "the passphrase does not open" "hint: is it the passphrase that init, or restore, was given?"
chmod 644 operator/keys/announcement.key
run 2 publish --data operator --subscribers subscribers.csv --passphrase-file passphrase
expect_err "hint: chmod"
