# What the scripts in this folder share; each sources it first. It expects the program's path in BLINDBOOK, works in an
# empty folder of its own that is removed at the end, and leaves nothing running.
# shellcheck shell=bash
set -euo pipefail

: "${BLINDBOOK:?the path of the program blindbook}"
scene=$(mktemp -d "${TMPDIR:-/tmp}/blindbook-cli-XXXXXX")
serve_pid=
helpers=()  # processes besides serve that may not outlive the script

leave_scene() {
  local status=$?
  local process
  for process in $serve_pid "${helpers[@]}"; do
    kill -KILL "$process" 2>/dev/null || true
  done
  rm -rf "$scene"
  exit "$status"
}
trap leave_scene EXIT

errors=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../docs/spec" && pwd)/errors.md
cd "$scene"
# Nothing of the person who runs the tests may show: no state, no credentials, no forced kernel, no settings of a
# terminal.
export HOME=$scene XDG_STATE_HOME=$scene/state-home
unset CREDENTIALS_DIRECTORY BLINDBOOK_KERNEL NO_COLOR SSL_CERT_FILE

fail() {
  echo "FAILED: $*" >&2
  if [ -f out ]; then
    echo "--- standard output" >&2
    cat -v out >&2
    echo "--- standard error" >&2
    cat -v err >&2
  fi
  if [ -n "$serve_pid" ]; then
    echo "--- log of serve, which $(kill -0 "$serve_pid" 2>/dev/null && echo runs || echo has ended)" >&2
    cat -v serve.log >&2
  fi
  exit 1
}

# run CODE WORD..: runs `blindbook WORD..` without a terminal, keeps what it printed in the files out and err, and
# checks its exit code.
run() {
  local wanted=$1 code=0
  shift
  "$BLINDBOOK" "$@" >out 2>err </dev/null || code=$?
  [ "$code" -eq "$wanted" ] || fail "blindbook $* ended with $code instead of $wanted"
  check_voice
}

# exit_code_of RULE: how the program ends when that rule rejects, by the tables of docs/spec/errors.md.
exit_code_of() {
  local fault
  fault=$(sed -n "s/^| \`$1\` | \([a-z ]*\).*/\1/p" "$errors")
  case $fault in
    "peer misbehaved"*) echo 4 ;;
    "bad input"*) echo 2 ;;
    spent*) echo 3 ;;
    "api misuse"* | unavailable*) echo 1 ;;
    *) fail "errors.md does not list $1" ;;
  esac
}

# Every line on standard error bears the program's name; an error has no capital and no full stop.
check_voice() {
  if grep -qv '^blindbook: ' err; then
    fail "a line on standard error lacks the prefix"
  fi
  if grep -qE '^blindbook: (error|hint|warning): ([A-Z][a-z]|.*\.$)' err; then
    fail "a capital or a full stop on standard error"
  fi
}

# expect_out TEXT.. and expect_err TEXT..: each text stands in what the last run printed.
expect_out() {
  local text
  for text in "$@"; do
    grep -qF -e "$text" out || fail "standard output lacks: $text"
  done
}
expect_err() {
  local text
  for text in "$@"; do
    grep -qF -e "$text" err || fail "standard error lacks: $text"
  done
}
# expect_exactly FILE: the file out or err equals standard input.
expect_exactly() {
  diff -u - "$1" >&2 || fail "$1 differs"
}
expect_nothing_on() {
  [ ! -s "$1" ] || fail "something stands on $1"
}

# json EXPRESSION: the value of a Python expression over `it`, the JSON object in out.
json() {
  python3 -c 'import json, sys; it = json.load(open("out")); print(eval(sys.argv[1]))' "$1"
}
expect_json() {
  local got
  got=$(json "$1")
  [ "$got" = "$2" ] || fail "$1 is $got instead of $2"
}

# allow INITIAL: the allowance of new accounts, which never grows, in the folder operator.
allow() {
  python3 - "$1" <<'PYTHON'
import json, sys
config = json.load(open("operator/config.json"))
config["allowance"] = {"initial": int(sys.argv[1]), "capacity": int(sys.argv[1]), "refill_per_day": 0}
json.dump(config, open("operator/config.json", "w"))
PYTHON
}

make_passphrase() {
  (umask 077 && echo "correct horse battery staple" >passphrase)
}

# A certificate for 127.0.0.1 that signs itself: cert.pem, key.pem.
make_certificate() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=blindbook-test \
    -addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem 2>openssl.log || fail "openssl: $(cat openssl.log)"
  chmod 600 key.pem
}

# start_serve WORD..: starts `blindbook serve WORD..` and waits until it listens. Sets url, invited (the second line it
# printed) and serve_pid; its log goes to serve.log.
start_serve() {
  exec {serve_out}< <(exec "$BLINDBOOK" serve "$@" 2>serve.log </dev/null)
  serve_pid=$!
  local line
  read -r line <&"$serve_out" || fail "serve did not start: $(cat serve.log)"
  [[ $line == "listening on "* ]] || fail "serve began with: $line"
  # The scripts that source this read both.
  # shellcheck disable=SC2034
  url=${line#listening on }
  # shellcheck disable=SC2034
  read -r invited <&"$serve_out" || fail "serve printed no invitation"
}

# stop_serve: asks it to end, by serve_signal, and checks that it does so in peace.
serve_signal=TERM
stop_serve() {
  local code=0
  kill -"$serve_signal" "$serve_pid"
  wait "$serve_pid" || code=$?
  serve_pid=
  exec {serve_out}<&-
  [ "$code" -eq 0 ] || fail "serve ended with $code: $(cat serve.log)"
}

# start_cutter FOLDER: a service that shows the announcement of that operator's folder, and cuts each connection off
# between the request to evaluate and its answer. Sets port.
start_cutter() {
  exec {cutter}< <(exec python3 - "$1/public/announcement.bba" <<'PYTHON'
import http.server, sys
class Cutter(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = open(sys.argv[1], "rb").read()
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def do_POST(self):
        self.close_connection = True
    def log_message(self, *arguments):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Cutter)
print(server.server_port, flush=True)
server.serve_forever()
PYTHON
  )
  helpers+=("$!")
  # The scripts that source this read it.
  # shellcheck disable=SC2034
  read -r port <&"$cutter" || fail "there is no cutter"
}

# An operator who has published nothing: the folder operator, passphrase in passphrase.
init_operator() {
  make_passphrase
  run 0 init --data operator --operator "City of Example" --passphrase-file passphrase --root-key-out root.key
}

# publish_subscribers WORD..: what subscribers.csv lists.
# shellcheck disable=SC2120
publish_subscribers() {
  run 0 publish --data operator --subscribers subscribers.csv --passphrase-file passphrase "$@"
}

# An operator with four subscribers, published.
make_operator() {
  init_operator
  cat >subscribers.csv <<'CSV'
number,label,discoverable
+493023125001,@anna:city.example,yes
+493023125002,@bert:city.example,true
+493023125003,@carla:city.example,1
+493023125004,@dora:city.example,no
CSV
  # shellcheck disable=SC2119
  publish_subscribers
}

# An address book: Anna under two names, Carla, a subscriber who is not discoverable, a stranger, and what cannot be
# looked up.
make_address_book() {
  printf '%s\r\n' BEGIN:VCARD VERSION:3.0 'FN:Anna Muster' 'TEL;TYPE=CELL:030 23125001' END:VCARD \
    BEGIN:VCARD VERSION:3.0 'FN:Work\, Anna' 'TEL:+49 30 23125001' END:VCARD \
    BEGIN:VCARD VERSION:3.0 'FN:Carla' 'TEL:0049 30 23125003' END:VCARD \
    BEGIN:VCARD VERSION:3.0 'FN:Dora' 'TEL:+493023125004' END:VCARD \
    BEGIN:VCARD VERSION:3.0 'FN:Stranger' 'TEL:+493023125999' 'TEL:call me' END:VCARD >contacts.vcf
}

# make_token ACCOUNT: an access token in the file token.
make_token() {
  run 0 token --data operator --account "$1"
  (umask 077 && cp out token)
}

# begin_with_alice: that operator, that address book, a service at $url, and a token of alice's.
begin_with_alice() {
  make_operator
  make_address_book
  start_serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase
  make_token alice
}

# ask_for_contacts CODE WORD..: discovers with that token who of that address book subscribes.
ask_for_contacts() {
  local code=$1
  shift
  run "$code" discover --server "$url" --operator-key operator/public/operator.pub --token-file token --contacts contacts.vcf \
    --region DE "$@"
}
