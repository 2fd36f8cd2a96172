#!/usr/bin/env bash
# A backup, two publications, and the host is lost: after restore, publish and serve no client refuses anything.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

make_operator
make_address_book
serve=(--data operator --listen 127.0.0.1:0 --passphrase-file passphrase)
publish=(publish --data operator --subscribers subscribers.csv --passphrase-file passphrase)
start_serve "${serve[@]}"
make_token alice
cp operator/public/operator.pub operator.pub
ask() {
  local code=$1 state=$2
  shift 2
  run "$code" discover --server "$url" --operator-key operator.pub --token-file token --region DE \
    --contacts contacts.vcf --format json --state "$state/state" "$@"
}
anna_and_carla="['Anna Muster', 'Work, Anna', 'Carla']"

ask 0 before
expect_json 'it["edition"], it["chain"]' "(1, 'first')"

# While the service runs. No key, no slot, no subscriber goes along; nobody else can read it; nothing is written over.
run 0 backup --data operator --to backup
expect_out "last announcement  1" "files              7"
expect_nothing_on err
(cd backup && find . -type f | sort) >listed
expect_exactly listed <<'TEXT'
./audit.jsonl
./backup.json
./blindbook.db
./config.json
./log/1.bba
./log/hashes.bbl
./public/announcement.bba
./public/operator.pub
TEXT
[ "$(find backup -type d -exec stat -c %a {} + | sort -u)" = 700 ] || fail "others may look into the backup"
[ "$(find backup -type f -exec stat -c %a {} + | sort -u)" = 600 ] || fail "others may read the backup"
! grep -rq 23125 backup || fail "a number is in the backup"
run 2 backup --data operator --to backup
expect_err "backup exists, and is never written over"
run 1 backup --data operator --to no/such/place
run 2 backup --data nowhere --to other
expect_err "nowhere is not an operator's folder"
[ -z "$(find . -maxdepth 1 -name '.*.??????')" ] || fail "a half backup was left behind"

# A request that was cut off before its answer, of an epoch that will be gone.
start_cutter backup
run 1 discover --server "http://127.0.0.1:$port" --operator-key operator.pub --token-file token --region DE \
  --contacts contacts.vcf --state cut/state

# Two publications, each seen by one more client. `ask` follows the announcement that the service has switched to.
published() {
  run 0 "${publish[@]}"
  until grep -q "\"event\":\"serving\",\"seq\":$1" serve.log; do
    kill -0 "$serve_pid" || fail "serve ended: $(cat serve.log)"
  done
}
sed -i '/dora/s/,no$/,yes/' subscribers.csv
published 2
ask 0 first
expect_json 'it["edition"]' 2
sed -i '/dora/s/,yes$/,no/' subscribers.csv
published 3
ask 0 second
expect_json 'it["edition"]' 3
cp operator/public/announcement.bba last.bba
run 0 backup --data operator --to newer
expect_out "last announcement  3"

# The last announcement can also be had from a mirror that still serves it.
restore() {
  local code=$1
  shift
  run "$code" restore --root-key root.key "$@"
}
restore 0 --data mirrored --from backup --last-announcement "$url" --passphrase-file passphrase
expect_out "seq   3"
cmp mirrored/log/3.bba last.bba || fail "not what the mirror serves"
restore 1 --data other --from backup --last-announcement "$url/nothing" --passphrase-file passphrase
expect_err "HTTP 404"
mirror=$url
stop_serve
restore 1 --data other --from backup --last-announcement "$mirror/v1/announcement" --passphrase-file passphrase
expect_err "no connection to 127.0.0.1"
restore 2 --data other --from backup --last-announcement http://mirror.invalid/v1/announcement
expect_err "plain HTTP" "--insecure-http"
restore 2 --data other --from backup --last-announcement "https://mirror.invalid/v1/announcement?a"

# What is refused, each before anything is made.
restore 2 --data other --from backup --passphrase-file passphrase
expect_err "--last-announcement SRC is missing" "may be older than what clients saw" "hint: give the newest"
restore 2 --data other --from newer --last-announcement backup/log/1.bba --passphrase-file passphrase
expect_err "has number 1, and the log of the backup goes on to 3" "log/3.bba"
restore "$(exit_code_of restore.announcement)" --data other --from backup --last-announcement contacts.vcf \
  --passphrase-file passphrase
expect_err "contacts.vcf is not an announcement"
restore 2 --data other --from backup --last-announcement missing.bba --passphrase-file passphrase
run 0 init --data stranger --operator "City of Example" --unsealed-key --root-key-out stranger.key
run 0 publish --data stranger --subscribers subscribers.csv
restore 4 --data other --from backup --last-announcement stranger/public/announcement.bba --passphrase-file passphrase
expect_err "not signed by this operator"
# The certificate stays the operator's, the content does not.
sed 's/"issued_at":1/"issued_at":2/' last.bba >forged.bba
cmp -s forged.bba last.bba && fail "nothing was forged"
restore 4 --data other --from backup --last-announcement forged.bba --passphrase-file passphrase
expect_err "not signed by this operator"
run 2 restore --data other --from backup --root-key stranger.key --last-announcement last.bba \
  --passphrase-file passphrase
expect_err "stranger.key is the root key of operator" "hint: give the root key of operator"
cp root.key shown.key && chmod 644 shown.key
run 2 restore --data other --from backup --root-key shown.key --last-announcement last.bba --passphrase-file passphrase
expect_err "hint: chmod"
run 2 restore --data other --from backup --root-key missing.key --last-announcement last.bba --passphrase-file passphrase
expect_err "cannot open missing.key" "hint: give the file that blindbook init wrote to --root-key-out"
run 2 restore --data other --from backup --root-key last.bba --last-announcement last.bba --passphrase-file passphrase
restore 2 --data operator --from backup --last-announcement last.bba --passphrase-file passphrase
expect_err "operator exists"
restore 2 --data other --from operator --last-announcement last.bba --passphrase-file passphrase
expect_err "operator is not a whole backup"
cp -a backup damaged
printf 'x' | dd of=damaged/blindbook.db bs=1 seek=5000 conv=notrunc status=none
restore 2 --data other --from damaged --last-announcement last.bba --passphrase-file passphrase
expect_err "damaged/blindbook.db is missing or was changed" "another backup"
cp -a backup half
rm half/backup.json
restore 2 --data other --from half --last-announcement last.bba --passphrase-file passphrase
expect_err "half is not a whole backup"
[ ! -e other ] || fail "a folder was left behind"

# The host is lost. The same operator comes back in the same place.
rm -rf operator mirrored newer
restore 0 --data operator --from backup --last-announcement last.bba --passphrase-file passphrase
expect_out "seq   3"
expect_err "blindbook publish, then blindbook serve"
[ "$(stat -c %a operator)" = 700 ] || fail "others may look into the folder"
[ ! -e operator/keys/root.key ] || fail "the root key lies in the folder"
cmp operator/public/operator.pub operator.pub || fail "clients would not know this operator"
run 2 serve "${serve[@]}"
expect_err "nothing is published yet"
run 0 "${publish[@]}"
run 0 inspect operator/public/announcement.bba --operator-key operator.pub --format json
expect_json 'it["seq"], [epoch["edition"] for epoch in it["epochs"]]' '(4, [1])'
run 0 status --data operator
expect_out "serial     2"
start_serve "${serve[@]}"

# A token of the lost host is no longer accepted; a new one is.
ask 2 unknown
expect_err "does not accept the access token"
make_token alice

# Whatever they saw, clients find their matches again: 16,384 - 320 evaluations are there for each account, and one more
# after each four and a half minutes.
ask 0 before
expect_json 'it["chain"], it["edition"], it["evaluated"], it["allowance_left"] in range(16000, 16010)' "('gap', 1, 4, True)"
expect_json '[match["name"] for match in it["matches"]]' "$anna_and_carla"
ask 0 first
expect_json 'it["chain"], it["evaluated"], it["allowance_left"] in range(15936, 15946)' "('logged', 4, True)"
expect_json '[match["name"] for match in it["matches"]]' "$anna_and_carla"
ask 0 second
expect_json 'it["chain"], it["evaluated"], it["allowance_left"]' "('next', 4, 15872)"
expect_json '[match["name"] for match in it["matches"]]' "$anna_and_carla"
ask 0 cut
expect_json 'it["chain"], it["disclosed"]["resumed"], it["allowance_left"]' "('gap', [], 15808)"
expect_json '[match["name"] for match in it["matches"]]' "$anna_and_carla"
# A client that nobody knows has what a new account has.
make_token bert
ask 0 fresh
expect_json 'it["chain"], it["evaluated"], it["allowance_left"]' "('first', 4, 8128)"
expect_json '[match["name"] for match in it["matches"]]' "$anna_and_carla"

# And the day after.
published 5
for client in before first second cut fresh; do
  ask 0 $client
  expect_json 'it["chain"], it["edition"], it["evaluated"]' "('next', 2, 0)"
done
stop_serve

# Keys that were not sealed are not sealed after a restore, and it is said.
run 0 backup --data stranger --to stranger-backup
run 0 restore --data stranger2 --from stranger-backup --root-key stranger.key \
  --last-announcement stranger/public/announcement.bba
expect_err "warning: the keys are not sealed"
run 2 restore --data stranger3 --from stranger-backup --root-key stranger.key \
  --last-announcement stranger/public/announcement.bba --passphrase-file passphrase
expect_err "leaves no use for --passphrase-file"
run 0 publish --data stranger2 --subscribers subscribers.csv

# Slots that lay elsewhere are asked about; a root key in the folder is warned of.
run 0 init --data fifth --operator Tests --passphrase-file passphrase --slot-dir slots
run 0 publish --data fifth --subscribers subscribers.csv --passphrase-file passphrase
run 0 backup --data fifth --to fifth-backup
expect_err "warning: the root key is in keys/, which no backup holds"
run 2 restore --data fifth2 --from fifth-backup --root-key fifth/keys/root.key \
  --last-announcement fifth/public/announcement.bba --passphrase-file passphrase
expect_err "is sealed, and opens only in its folder" "hint: restore takes what init wrote to --root-key-out"
