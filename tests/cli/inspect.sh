#!/usr/bin/env bash
# Every file says what it is, and never a secret.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

begin_with_alice
run 0 discover --server "$url" --operator-key operator/public/operator.pub --token-file token --contacts contacts.vcf \
  --state client/state
stop_serve

is() {
  run 0 inspect "$1"
  expect_out "$2"
  expect_nothing_on err
  run 0 inspect "$1" --format json
  expect_json 'it["schema"]' blindbook.inspect/1
}
epoch=$(basename operator/public/directory/*)
is operator/public/announcement.bba announcement
is operator/log/1.bba announcement
is "operator/public/directory/$epoch/1.bbd" directory
is "client/$epoch.bbd" directory
is operator/public/operator.pub "operator key"
is "operator/keys/$epoch.key" "epoch key"
is "operator/keys/$epoch-index.key" "index key"
is "operator/cache/$epoch/1.bbc" "publish cache"
is operator/keys/announcement.key "announcement key"
is operator/keys/token.key "token key"
is root.key "root key"
is client/state "client state, sealed"

# What is said of a directory agrees with the announcement.
run 0 inspect operator/public/announcement.bba --operator-key operator/public/operator.pub --format json
expect_json 'it["signatures"]' checked
# A run is one request and one answer, this very announcement and the directory.
expect_json '[(row["batch"], row["bytes_sent"], row["bytes_received"] - it["bytes"] - it["epochs"][0]["directory_bytes"])
  for row in it["epochs"][0]["run"]] == [(m, 24 + 32 * m, 89 + 32 * m) for m in (16, 64, 256, 1024, 2048, 4096)]' True
expect_json '[(row["accounts_at_once"], row["days_with_one_account"]) for row in it["sweep"] if row["country"] == "EE"][0]' \
  '(660, 16850)'
root=$(json 'it["epochs"][0]["root"]')
run 0 inspect "operator/public/directory/$epoch/1.bbd" --format json
expect_json 'it["root"], it["entries"], it["epoch"]' "('$root', 3, '$epoch')"
expect_json 'it["distinct_tags"], it["false_positives"]["per_lookup"] == 3 / 2**120' '(3, True)'
expect_json '-(-it["bits_an_entry"] * it["entries"] // 8) == it["tag_bytes"]' True

# A backup says whose it is, of when, and what it ends with, whatever its manifest alone knows of that.
began=$(date +%s)
run 0 backup --data operator --to backup
is backup/backup.json "backup of an operator's folder"
expect_json 'list(it)' \
  "['schema', 'kind', 'bytes', 'fingerprint', 'created_at', 'files', 'bytes_of_files', 'last_announcement']"
expect_json "it['bytes'], $began <= it['created_at'] <= $(date +%s)" "($(stat -c %s backup/backup.json), True)"
expect_json 'it["files"], it["bytes_of_files"]' \
  "(7, $(find backup -type f ! -name backup.json -printf '%s\n' | awk '{ n += $1 } END { print n }'))"
fingerprint=$(json 'it["fingerprint"]')
last=$(json '[it["last_announcement"][name] for name in ("seq", "operator", "issued_at", "head", "epochs")]')
run 0 inspect operator/public/operator.pub
expect_out "$fingerprint"
run 0 inspect operator/public/announcement.bba --format json
expect_json '[it["seq"], it["operator"], it["issued_at"], it["head"],
  [{"id": e["id"], "edition": e["edition"], "not_after": e["not_after"]} for e in it["epochs"]]]' "$last"
run 0 inspect backup/backup.json --operator-key operator/public/operator.pub
expect_out "signatures  checked" "edition    1" "$epoch"
cd backup
run 0 inspect backup.json --format json
expect_json 'it["last_announcement"]["signatures"]' "not checked, for want of --operator-key"
cd ..
cp -a backup altered
printf x >>altered/log/1.bba
run 0 inspect altered/backup.json
expect_out "file  changed"
! grep -q "City of Example" out || fail "an announcement that was changed is told of"
rm altered/log/1.bba
run 0 inspect altered/backup.json
expect_out "file  missing"
sed 's|backup/1|backup/2|' backup/backup.json >altered/backup.json
run "$(exit_code_of backup.version)" inspect altered/backup.json
expect_err "written by a newer program"
sed 's|"log/1.bba"|"../1.bba"|' backup/backup.json >altered/backup.json
run "$(exit_code_of backup.damaged)" inspect altered/backup.json
expect_err "not what blindbook backup wrote"

# The two keys that are not sealed stay secret.
python3 - "$BLINDBOOK" <<'PYTHON' || fail "a secret was shown"
import base64, subprocess, sys
for name in ("root.key", "operator/keys/token.key"):
    secret = open(name, "rb").read()[-32:]
    for words in ([], ["--format", "json"]):
        shown = subprocess.run([sys.argv[1], "inspect", name] + words, check=True, capture_output=True).stdout
        for form in (secret, secret.hex().encode(), base64.b64encode(secret), base64.urlsafe_b64encode(secret)):
            if form[:8] in shown:
                sys.exit(1)
PYTHON

# Damaged, cut, of another operator, or no file of ours.
run 0 init --data stranger --operator Tests --unsealed-key --root-key-out stranger.key
run 0 backup --data stranger --to unpublished
run 0 inspect unpublished/backup.json --format json
expect_json '"last_announcement" in it' False
run 4 inspect backup/backup.json --operator-key stranger/public/operator.pub
run 4 inspect operator/public/announcement.bba --operator-key stranger/public/operator.pub
head -c 300 operator/public/announcement.bba >damaged
run 2 inspect damaged
head -c 50 "operator/public/directory/$epoch/1.bbd" >damaged
run 2 inspect damaged
head -c 20 root.key >damaged
run 2 inspect damaged
run 2 inspect contacts.vcf
expect_err "no file of blindbook"
run 2 inspect missing
run 2 inspect operator
