# What the scripts in this folder share; each sources it first: an operator with two subscribers, one of whom has a label beyond
# the first plane of Unicode, whose service runs, at $url, for clients that know libblindbook.so and nothing else of this project.
# shellcheck shell=bash source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/../cli/scene.sh"

: "${BLINDBOOK_LIBRARY:?the path of libblindbook.so}"
bindings=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../protocol/bindings" && pwd)
export PYTHONPATH=$bindings/python PYTHONDONTWRITEBYTECODE=1 LC_ALL=C.UTF-8

run 0 init --data operator --operator "City of Example" --unsealed-key --root-key-out root.key
cat >subscribers.csv <<'CSV'
number,label,discoverable
+493023125001,@anna:city.example,yes
+493023125003,@carla📖:city.example,yes
CSV
run 0 publish --data operator --subscribers subscribers.csv
start_serve --data operator --listen 127.0.0.1:0
make_token alice
invited="blindbook://127.0.0.1/#$(cat operator/public/operator.pub)"  # plain HTTP has no invitation

# discover STATE-FOLDER WORD..: a client WORD.., with that state, finds who subscribes, and then asks for no number again.
discover() {
  local folder=$1 evaluated
  shift
  for evaluated in 3 0; do
    "$@" "$url" "$invited" token "$folder" +493023125001 +493023125002 +493023125003 >found ||
      fail "$* ended with $?"
    expect_exactly found <<TEXT
+493023125001 @anna:city.example
+493023125003 @carla📖:city.example
$evaluated
TEXT
  done
}

# is_refused TEXT WORD..: a client WORD.. that is given a token of a stranger says TEXT, and nothing else.
is_refused() {
  local text=$1
  shift
  if "$@" "$url" "$invited" strangers-token no-state +493023125001 >out 2>err; then
    fail "a stranger's token was enough"
  fi
  expect_err "$text"
  expect_nothing_on out
}

# does_not_begin_anew WORD..: a client WORD.. whose state cannot be used says so, and leaves it.
does_not_begin_anew() {
  cp -r state other-key && head -c 32 /dev/zero >other-key/key
  cp -r state unreadable && rm unreadable/state && mkdir unreadable/state
  local folder
  for folder in other-key unreadable; do
    if "$@" "$url" "$invited" token "$folder" +493023125001 >out 2>err; then
      fail "a state that cannot be used was enough"
    fi
    expect_nothing_on out
    expect_err state
  done
  cmp state/state other-key/state || fail "the state was changed"
}

# is_spent WORD..: a client WORD.. whose account has no allowance left says so. Starts the service anew.
is_spent() {
  local invitation=$invited  # start_serve sets it
  sed -i 's/"initial": 8192/"initial": 1/' operator/config.json
  start_serve --data operator --listen 127.0.0.1:0
  make_token bob
  if "$@" "$url" "$invitation" token bobs-state +493023125001 >out 2>err; then
    fail "an account without an allowance was enough"
  fi
  expect_err service.allowance
  expect_nothing_on out
}

python3 - operator/config.json >strangers-token <<'PYTHON'
import hashlib, json, sys, time
import blindbook
root = bytes.fromhex(json.load(open(sys.argv[1]))["root_public_key"])
print(blindbook.mint_token(bytes(32), issuer="stranger", kid="k", account="eve", issued_at=int(time.time()),
                           audience=hashlib.sha256(b"blindbook-v1 root\0" + root).hexdigest()[:32]))
PYTHON
