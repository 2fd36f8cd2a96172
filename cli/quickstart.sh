#!/usr/bin/env bash
# cli/quickstart.sh: the whole of blindbook in one go, on a fresh Debian 12: installs what is missing, builds the program,
# and plays an operator and a client over TLS on this machine. Works in a temporary folder, which it removes; can be run
# again at any time. Ends non-zero when anything fails.
set -euo pipefail
cd "$(dirname "$0")/.."
source=$PWD
build=$source/build/release

# --- build ---

lib/cmake/packages/install.sh lib/cmake/packages/build.txt
if [ ! -f "$build/build.ninja" ]; then
  # The tests would need more packages.
  cmake --preset release -DBLINDBOOK_BUILD_TESTS=OFF >/dev/null
fi
cmake --build "$build" --target blindbook
generator=$build/make-subscribers
generator_sources=(tests/tools/{make_subscribers,address_book_writer,subscriber_generator}.cpp)
if [ ! -x "$generator" ] || [ -n "$(find "${generator_sources[@]}" -newer "$generator")" ]; then
  c++ -std=c++20 -O1 -I . "${generator_sources[@]}" -o "$generator"
fi

# --- stage ---

SECONDS=0
stage=$(mktemp -d "${TMPDIR:-/tmp}/blindbook-quickstart-XXXXXX")
service=
clear_stage() {
  local status=$?
  trap - EXIT
  if [ -n "$service" ]; then
    kill "$service" 2>/dev/null || true
    wait "$service" 2>/dev/null || true
  fi
  rm -rf "$stage"
  if [ "$status" -ne 0 ]; then
    echo "quickstart: failed" >&2
  fi
  exit "$status"
}
trap clear_stage EXIT
trap 'exit 130' INT TERM

cd "$stage"
export PATH=$build/cli:$PATH XDG_STATE_HOME=$stage/state
unset CREDENTIALS_DIRECTORY

number=0
step() {
  number=$((number + 1))
  printf '\n%d. %s\n' "$number" "$1"
}
show() {
  printf '   $ %s\n' "$1"
}
# play COMMAND: shows a command, runs it, and shows what it prints.
play() {
  show "$1"
  bash -o pipefail -euc "$1" 2>&1 | sed 's/^/   /'
}

# --- the play ---

step "invent 94,000 subscribers, and one address book as three programs export it"
mkdir books
"$generator" 94000 --books books --contacts 250 --known 8 >subscribers.csv
(umask 077 && echo "correct horse battery staple" >passphrase)
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=quickstart \
  -addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem 2>/dev/null
play "wc --lines subscribers.csv books/*"

step "the operator makes keys, and keeps the root key apart"
play "blindbook init --data operator --operator 'City of Example' --passphrase-file passphrase --root-key-out root.key"

step "the operator publishes those who agreed to be found"
play "blindbook publish --data operator --subscribers subscribers.csv --label-template '@{}:city.example' --passphrase-file passphrase"

step "the operator's service listens, and prints an invitation for clients"
show "blindbook serve --data operator --listen 127.0.0.1:0 --tls-cert cert.pem --tls-key key.pem --passphrase-file passphrase &"
exec {lines}< <(exec blindbook serve --data operator --listen 127.0.0.1:0 --tls-cert cert.pem --tls-key key.pem \
  --passphrase-file passphrase 2>serve.log)
service=$!
if ! read -r listening <&"$lines" || ! read -r invitation <&"$lines"; then
  cat serve.log >&2
  exit 1
fi
printf '   %s\n   %s\n' "$listening" "$invitation"
echo "$invitation" >invitation

step "the messenger's back end gives alice an access token"
play "umask 077; blindbook token --data operator --account alice > token"

step "alice asks which of her contacts subscribe"
play "blindbook discover \"\$(cat invitation)\" --token-file token --contacts books/ios.vcf --region DE --ca-file cert.pem"

step "the other exports of her address book give the same contacts"
tail -n +2 books/expected.csv | sort >expected
for book in books/android.vcf books/google.csv; do
  show "blindbook discover \"\$(cat invitation)\" --token-file token --contacts $book --region DE --ca-file cert.pem --format csv"
  blindbook discover "$invitation" --token-file token --contacts "$book" --region DE --ca-file cert.pem --format csv \
    >matches.csv
  # The last two fields are number and label; a name may hold a comma.
  tail -n +2 matches.csv | tr -d '\r' | awk -F, '{print $(NF - 1) "," $NF}' | sort -u | diff expected -
  printf '   %d matches, as expected\n' "$(wc -l <expected)"
done

printf '\nall of this took %d seconds; the program is %s\n' "$SECONDS" "$build/cli/blindbook"
