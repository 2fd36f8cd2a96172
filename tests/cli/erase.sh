#!/usr/bin/env bash
# A person who wants out is out at once, and stays out; the receipt says what can still be read, by whom and until when,
# and never the number.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

make_operator
make_address_book
epoch=$(basename operator/public/directory/*)
start_serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase
make_token alice
names_found() {
  run 0 discover --server "$url" --operator-key operator/public/operator.pub --token-file token --contacts contacts.vcf \
    --region DE --state client/state --format json
  expect_json 'sorted(match["name"] for match in it["matches"])' "$1"
}
names_found "['Anna Muster', 'Carla', 'Work, Anna']"

# erase CODE INPUT WORD..: what run is, with INPUT on standard input.
erase() {
  local wanted=$1 input=$2 code=0
  shift 2
  printf '%s\n' "$input" | "$BLINDBOOK" erase --data operator --passphrase-file passphrase "$@" >out 2>err || code=$?
  [ "$code" -eq "$wanted" ] || fail "blindbook erase $* ended with $code instead of $wanted"
  check_voice
  ! grep -q 23125 out err || fail "a number was printed"
}

before=$(date +%s)
erase 0 +493023125001 --format json
expect_json 'it["schema"], it["was_published"], it["operator"]' "('blindbook.erasure/1', True, 'City of Example')"
expect_json '[(row["epoch"], row["was_published"], row["edition"], len(row["number_hash"])) for row in it["epochs"]]' \
  "[('$epoch', True, 2, 32)]"
expect_json 'it["old_copies_readable_until"] == it["epochs"][0]["key_ends"] > it["erased_at"] + 90 * 86400' True
expect_json "$before <= it['erased_at'] == it['http_caches_until'] - 3600" True
expect_json 'it["statement"].startswith("removed from the live system: ")' True
expect_json '"the operator declares that no copy of that key exists" in it["statement"]' True
expect_json '"the subscriber list may still hold the row" in it["warning"]' True
expect_nothing_on err
[ ! -e "operator/public/directory/$epoch/1.bbd" ] || fail "the old edition is still there"
hash=$(json 'it["epochs"][0]["number_hash"]')

# Clients of the running service see it, and the next publication does not bring the person back.
for _ in $(seq 100); do
  run 0 discover --server "$url" --operator-key operator/public/operator.pub --token-file token --contacts contacts.vcf \
    --region DE --state client/state --format json
  [ "$(json 'len(it["matches"])')" != 3 ] && break
  sleep 0.1
done
names_found "['Carla']"
run 0 publish --data operator --subscribers subscribers.csv --passphrase-file passphrase
expect_out "erased                1" "published             2" "evaluated             0" "not discoverable      1"
stop_serve

# A number that is not published gets the same receipt, which says so.
erase 0 +493023125999
expect_out "was published" "stood in nothing that is served" "number hash"
erase 0 "030 23125001" --region DE --format json
expect_json 'it["was_published"], it["epochs"][0]["number_hash"]' "(False, '$hash')"

# What is not one number.
erase "$(exit_code_of erase.number)" "030 23125001"
expect_err "error: standard input holds no number: " "hint: say with --region"
erase "$(exit_code_of erase.number)" ""
erase "$(exit_code_of erase.number)" $'+493023125001\n+493023125002'
expect_err "more than one line"
run "$(exit_code_of usage.argument)" erase --data operator --passphrase-file passphrase +493023125001
expect_err "read from standard input, and never from the command line"
! grep -q 23125 err || fail "a number was printed"

run 0 inspect "operator/erased/$epoch.bbr" --format json
expect_json 'it["kind"], it["epoch"], it["numbers"]' "('erased numbers', '$epoch', 2)"

erase 0 +493023125001 --lift
expect_err "the erasure is lifted"
erase 0 +493023125001 --lift
expect_err "there is nothing to lift"
run 0 publish --data operator --subscribers subscribers.csv --passphrase-file passphrase
expect_out "erased                0" "published             3" "evaluated             1"

# The keys are needed.
code=0
echo +493023125002 | "$BLINDBOOK" erase --data operator >out 2>err || code=$?
[ "$code" -eq "$(exit_code_of passphrase.missing)" ] || fail "erase without a passphrase ended with $code"
expect_err "need a passphrase"
