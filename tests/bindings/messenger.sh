# What the scripts of messengers share: scene.sh, the packages in PYTHONPATH, and an operator who knows the messenger's issuer.
# shellcheck shell=bash source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/../cli/scene.sh"

# The scripts that source this read both.
# shellcheck disable=SC2034
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bindings=$(cd "$here/../../protocol/bindings" && pwd)
export PYTHONPATH=$bindings/python:$bindings/synapse:$bindings/xmpp PYTHONDONTWRITEBYTECODE=1
: "${BLINDBOOK_LIBRARY:?the path of libblindbook.so}"

# make_operator_of_messenger: the folder operator, whose config.json names the issuer in the file messenger.issuer. Sets
# operator, its id.
make_operator_of_messenger() {
  run 0 init --data operator --operator "City of Example" --unsealed-key --root-key-out root.key
  run 1 status --data operator --format json  # nothing is published yet
  operator=$(json 'it["fingerprint"]')
  python3 -m blindbook.issuer --operator-id "$operator" --name messenger messenger.issuer >entry
  python3 - <<'PYTHON'
import json
config = json.load(open("operator/config.json"))
config["issuers"].append(json.load(open("entry")))
json.dump(config, open("operator/config.json", "w"))
PYTHON
}

# start_listening MODULE WORD..: starts `python3 -m MODULE WORD..`, or a script, and waits until it says what it is. Sets
# said, the last word of that.
start_listening() {
  local what=("$@")
  case $1 in
    *.py) ;;
    *) what=(-m "$@") ;;
  esac
  exec {listening_out}< <(exec python3 "${what[@]}" 2>>listening.log </dev/null)
  helpers+=("$!")
  local line
  read -r line <&"$listening_out" || fail "$1 did not start: $(cat listening.log)"
  # The scripts that source this read it.
  # shellcheck disable=SC2034
  said=${line##* }
}

# plain_invitation: for plain HTTP, which no invitation names.
plain_invitation() {
  echo "blindbook://127.0.0.1/#$(cat operator/public/operator.pub)"
}

# charged: whose allowance the service charged, and in the name of which issuer.
charged() {
  sqlite3 operator/blindbook.db "SELECT issuer, account FROM account"
}
