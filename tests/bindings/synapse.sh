#!/usr/bin/env bash
# A Matrix homeserver's users: from its database to the directory, and from their OpenID tokens to a match.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/messenger.sh"

python3 "$here/synapse/test_tokens.py" 2>tests.log || fail "$(cat tests.log)"

# Who verified a number and agreed is published, and nobody else.
make_operator_of_messenger
sqlite3 homeserver.db <"$here/synapse/users.sql"
find_subscribers() {
  python3 -m blindbook_synapse.threepids --agreed "${1:-$here/synapse/agreed.txt}" --sqlite "${2:-homeserver.db}" 2>err
}
find_subscribers >found
expect_exactly found <"$here/synapse/found.csv"
expect_exactly err <<'TEXT'
blindbook: 8 users agreed, and have 3 verified numbers
blindbook: warning: left out what is no telephone number: 1
TEXT
find_subscribers | "$BLINDBOOK" publish --data operator --subscribers - --label-template '@{}:city.example' >out 2>err ||
  fail "the list of the homeserver was not published"

# What cannot be read whole is no list, and leaves the old edition.
echo "anna" >wrong
find_subscribers wrong >found && fail "a line that is no user id was passed over"
expect_err "wrong:1: not a Matrix user id"
expect_nothing_on found
echo "no database" >wrong.db
find_subscribers "" wrong.db >found && fail "there was a list of no database"
expect_nothing_on found
find_subscribers "" missing.db >found && fail "there was a list of a database that is not there"
[ ! -e missing.db ] || fail "a database was made"
run 2 publish --data operator --subscribers - --label-template '@{}:city.example'
expect_err "the subscriber list is empty"

# Anna's app: her homeserver's OpenID token, a token for it, and who of her contacts is there.
start_serve --data operator --listen 127.0.0.1:0
start_listening "$here/synapse/stub_homeserver.py" city.example
homeserver=$said
start_listening blindbook_synapse --homeserver "$homeserver" --server-name city.example --issuer messenger.issuer --port 0
tokens=$said/_blindbook/token
curl --silent --fail --request POST --data '{}' --header "Authorization: Bearer secret of @anna:city.example" \
  "$homeserver/_matrix/client/v3/user/%40anna%3Acity.example/openid/request_token" >openid
curl --silent --fail --header "Content-Type: application/json" --data-binary @openid "$tokens" >out
(umask 077 && json 'it["token"]' >token)
python3 "$bindings/python/examples/discover.py" "$url" "$(plain_invitation)" token state +4930231250{00..09} >found
expect_exactly found <<'TEXT'
+493023125001 @anna:city.example
+493023125006 @fritz:city.example
+493023125007 @fritz:city.example
10
TEXT
[ "$(charged)" = "messenger|@anna:city.example" ] || fail "charged: $(charged)"

# Who did not ask the homeserver gets nothing, and no log names anybody.
code=$(curl --silent --output out --write-out '%{http_code}' \
  --data-binary '{"access_token": "guessed", "matrix_server_name": "city.example"}' "$tokens")
[ "$code" = 401 ] || fail "a guessed OpenID token got $code"
[ ! -s listening.log ] || fail "a log: $(cat listening.log)"

# An issuer that everybody may read is not used.
chmod 644 messenger.issuer
if python3 -m blindbook_synapse --homeserver "$homeserver" --server-name city.example --issuer messenger.issuer --port 0 \
  >out 2>err; then
  fail "a key that everybody may read was used"
fi
expect_err "everybody may use the key in messenger.issuer"
