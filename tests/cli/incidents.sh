#!/usr/bin/env bash
# Every command of docs/operator/incidents.md, as it stands there, in the situation that it is for.
# shellcheck source-path=SCRIPTDIR
page=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/docs/operator/incidents.md
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

mkdir bin elsewhere
ln -s "$BLINDBOOK" bin/blindbook
export PATH=$scene/bin:$PATH
make_address_book
printf 'number,label,discoverable\n+493023125001,@anna:city.example,yes\n' | tee subscribers.csv >right.csv
(umask 077 && echo "a long passphrase" >pass)
run 0 init --data city --operator "City of Example" --passphrase-file pass --root-key-out root.key
cp city/public/operator.pub operator.pub

# follow TITLE: runs the commands below that heading of the page.
followed=()
follow() {
  local commands
  commands=$(awk -v title="## $1" '$0 == title { here = 1; next } /^## / { here = 0 }
    here && /^```/ { code = !code; next } here && code' "$page")
  [ -n "$commands" ] || fail "the page has no commands below: $1"
  bash -euo pipefail -c "$commands" >out 2>err </dev/null || fail "$1: $commands"
  check_voice
  followed+=("$1")
}

# found FOLDER KEY CLIENT: who has seen everything so far finds Anna; so does who comes today.
found() {
  local client code=0
  start_serve --data "$1" --listen 127.0.0.1:0 --passphrase-file pass
  # A token of before is good, or the new token key refuses it.
  if [ -e token ] && [ "$1" = city ]; then
    "$BLINDBOOK" discover --server "$url" --operator-key "$2" --token-file token --region DE --contacts contacts.vcf \
      --state "$3/state" >out 2>err </dev/null || code=$?
    [ "$code" -eq "$token_code" ] || fail "the token of before ended with $code instead of $token_code"
  fi
  run 0 token --data "$1" --account alice
  (umask 077 && cp out token)
  for client in "$3" fresh; do
    run 0 discover --server "$url" --operator-key "$2" --token-file token --region DE --contacts contacts.vcf \
      --format json --state "$client/state"
    expect_json '[match["name"] for match in it["matches"]]' "['Anna Muster', 'Work, Anna']"
  done
  rm -rf fresh
  stop_serve
}
token_code=0

follow "Every day, so that the rest works"
found city operator.pub known

rm -rf city
follow "The host is lost"
token_code=2
found city operator.pub known

# The thief's copy is worth nothing for what is published from now on.
stolen=$(basename city/keys/????????????????????????????????.key)
token_code=0
follow "The epoch key is stolen"
[ ! -e "city/keys/$stolen" ] || fail "the stolen key is still in use"
[ ! -e "city/public/directory/${stolen%.key}" ] || fail "a directory under the stolen key is still served"
found city operator.pub known

follow "The announcement key is stolen"
found city operator.pub known
follow "The certificate is about to expire"
expect_out "serial      4"
found city operator.pub known

echo '+493023125999,@nobody:city.example,yes' >>subscribers.csv
run 0 publish --data city --subscribers subscribers.csv --passphrase-file pass
cp right.csv subscribers.csv
follow "A wrong list was published"
found city operator.pub known
follow "The clock was wrong"
found city operator.pub known

rm -r city/slot
run 1 serve --data city --listen 127.0.0.1:0 --passphrase-file pass
expect_err "blindbook epoch rotate --emergency"
run 1 status --data city
expect_out "is lost, and its key with it: blindbook epoch rotate --emergency"
run 1 epoch rotate --emergency --data city --subscribers subscribers.csv --passphrase-file pass
expect_err "blindbook key revoke --root-key FILE"
follow "The slots are lost"
found city operator.pub known

# A folder whose keys cannot be opened any more gives way to a fresh one.
token_code=2
(umask 077 && echo "another long passphrase" >pass)
run 2 publish --data city --subscribers subscribers.csv --passphrase-file pass
follow "The passphrase is lost"
found city operator.pub known

follow "The root key is stolen"
found city2 city2/public/operator.pub another

# No command of the page was left out.
grep -c '^```$' "$page" >fences
[ "$(printf '%s\n' "${followed[@]}" | sort -u | wc -l)" -eq $(($(cat fences) / 2)) ] || fail "a command was not run"
