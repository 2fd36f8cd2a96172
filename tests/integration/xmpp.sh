# What the scripts with XMPP servers share: servers.sh, an operator whose directory has Anna and Carla of city.example, and
# what has to come of the component and an app, whichever the server.
# shellcheck shell=bash source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/servers.sh"

make_operator_of_messenger
cat >subscribers.csv <<'CSV'
number,label,discoverable
+493023125001,anna@city.example,yes
+493023125002,ben@city.example,no
+493023125003,carla@city.example,yes
CSV
run 0 publish --data operator --subscribers subscribers.csv --label-template '{}@city.example'
start_serve --data operator --listen 127.0.0.1:0

(umask 077 && openssl rand -hex 16 >component.secret)
{
  read -r client_port
  read -r component_port
} < <(free_ports 2)
component=(blindbook_xmpp --jid blindbook.city.example --serves city.example --issuer messenger.issuer
           --port "$component_port")

# as_user JID WORD..: xmpp_client.py of that user, whose output goes to the file found.
as_user() {
  local jid=$1
  shift
  python3 "$integration/xmpp_client.py" "$client_port" "$jid" "a password" "$@" >found 2>err || fail "$jid: $(cat err)"
}

# check_component PID FORGED..: of a server that listens, has the domains city.example and elsewhere.example, and does one
# of the FORGED to a stanza in the name of somebody else: "stamps" the sender over it, or "ends" the stream.
check_component() {
  local server=$1 forged=$2
  start_listening "${component[@]}" --secret-file component.secret
  local component_pid=${helpers[-1]} code=0
  [ "$said" = blindbook.city.example ] || fail "connected as $said"

  # Dora registers, finds Carla, and has her in the roster.
  as_user dora@city.example meet "$url" "$(plain_invitation)" +4930231250{02..09}
  expect_exactly found <<'TEXT'
carla@city.example +493023125003
TEXT
  [ "$(charged)" = "messenger|dora@city.example" ] || fail "charged: $(charged)"

  # A user of another domain of the same server gets nothing, and there is nothing to set.
  as_user eve@elsewhere.example register
  as_user eve@elsewhere.example ask blindbook.city.example get
  expect_exactly found <<'TEXT'
forbidden this service is for users of city.example
TEXT
  as_user dora@city.example ask blindbook.city.example set
  expect_exactly found <<'TEXT'
feature-not-implemented No handlers registered for this request.
TEXT

  # Nobody is somebody else.
  as_user dora@city.example ask blindbook.city.example get anna@city.example/phone
  case $forged in
    stamps) echo "a token of dora@city.example" ;;
    ends) echo "invalid-from" ;;
  esac | expect_exactly found
  as_user eve@elsewhere.example ask blindbook.city.example get anna@city.example/phone
  case $forged in
    stamps) echo "forbidden this service is for users of city.example" ;;
    ends) echo "invalid-from" ;;
  esac | expect_exactly found

  # With a wrong secret there is no component; without the server it ends, so that whoever started it knows.
  echo wrong >wrong.secret
  if python3 -m "${component[@]}" --secret-file wrong.secret >out 2>err; then
    fail "a wrong secret was enough"
  fi
  expect_err "the server refuses: not-authorized"
  kill -TERM "$server"
  wait "$server" || true
  wait "$component_pid" || code=$?
  [ "$code" -eq 1 ] || fail "the component ended with $code when the server did"
  cp listening.log err
  expect_err "blindbook: error: the server "
}
