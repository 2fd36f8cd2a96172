#!/usr/bin/env bash
# The Python package: its client against the program's service, its service against both clients.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/../cli/scene.sh"

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
python=$(cd "$here/../../protocol/bindings/python" && pwd)
export PYTHONPATH=$python PYTHONDONTWRITEBYTECODE=1
: "${BLINDBOOK_LIBRARY:?the path of libblindbook.so}"

make_passphrase
run 0 init --data operator --operator "City of Example" --unsealed-key --root-key-out root.key
cat >subscribers.csv <<'CSV'
number,label,discoverable
+493023125001,@anna:city.example,yes
+493023125003,@carla:city.example,yes
CSV
run 0 publish --data operator --subscribers subscribers.csv
start_serve --data operator --listen 127.0.0.1:0
make_token alice
invited="blindbook://127.0.0.1/#$(cat operator/public/operator.pub)"  # plain HTTP has no invitation
numbers=(+493023125001 +493023125002 +493023125003)

python3 "$here/discover.py" "$url" "$invited" token state "${numbers[@]}" >found
expect_exactly found <<'TEXT'
+493023125001 @anna:city.example
+493023125003 @carla:city.example
3
TEXT
# What was evaluated once is not asked for again.
python3 "$here/discover.py" "$url" "$invited" token state "${numbers[@]}" >found
expect_exactly found <<'TEXT'
+493023125001 @anna:city.example
+493023125003 @carla:city.example
0
TEXT
stop_serve

# The same service in Python, for the program and for the package.
run 0 status --data operator --format json
operator=$(json 'it["fingerprint"]')
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
python3 "$python/examples/serve.py" operator "$port" "$operator" >service.log 2>&1 &
helpers+=($!)
for _ in $(seq 100); do
  curl --silent --output /dev/null "http://127.0.0.1:$port/v1/announcement" && break
  sleep 0.1
done
printf '%s\r\n' BEGIN:VCARD FN:Anna TEL:+493023125001 END:VCARD >anna.vcf
run 0 discover --server "http://127.0.0.1:$port" --operator-key operator/public/operator.pub --token-file token \
  --contacts anna.vcf --no-state --format csv
expect_out "Anna,+493023125001,@anna:city.example"
python3 "$here/discover.py" "http://127.0.0.1:$port" "$invited" token other-state "${numbers[@]}" >found
expect_exactly found <<'TEXT'
+493023125001 @anna:city.example
+493023125003 @carla:city.example
3
TEXT
# A token of nobody is refused by whose fault it is.
echo "a.b.c" >no-token
if python3 "$here/discover.py" "http://127.0.0.1:$port" "$invited" no-token third-state "${numbers[@]}" >out 2>err; then
  fail "no token was enough"
fi
expect_err "BadInput"
