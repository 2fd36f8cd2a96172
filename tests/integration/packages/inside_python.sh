#!/usr/bin/env bash
# The installed Python package finds its library, and asks the installed program's service.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/../../cli/scene.sh"

make_operator
start_serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase
make_token alice
python3 -c 'import blindbook; print(blindbook.__file__)' >from
[ "$(cat from)" = /usr/lib/python3/dist-packages/blindbook/__init__.py ] || fail "another package is imported: $(cat from)"
invitation="blindbook://127.0.0.1/#$(cat operator/public/operator.pub)"  # plain HTTP has none
python3 "$(dirname "${BASH_SOURCE[0]}")/../../../protocol/bindings/python/examples/discover.py" "$url" "$invitation" token state \
  +493023125001 +493023125002 +493023125004 >found
expect_exactly found <<'TEXT'
+493023125001 @anna:city.example
+493023125002 @bert:city.example
3
TEXT
stop_serve

# What stands beside messengers.
for module in blindbook.issuer blindbook_synapse; do
  python3 -m "$module" --help >out 2>err || fail "$module"
  expect_out "usage: "
done
python3 -c 'import blindbook_xmpp'
