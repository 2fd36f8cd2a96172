#!/usr/bin/env bash
# An operator's folder: who may read it, where the root key goes, where the passphrase comes from.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

make_passphrase

# Without a passphrase and without a terminal nothing is made.
run 2 init --data operator --operator "City of Example"
expect_err "the keys need a passphrase" "--passphrase-file"
[ ! -e operator ] || fail "a folder was left behind"

run 2 init --data operator --operator "City of Example" --passphrase-file missing
expect_err "missing"
(umask 077 && : >empty)
run 2 init --data operator --operator "City of Example" --passphrase-file empty
expect_err "empty"
cp passphrase shown && chmod 644 shown
run 2 init --data operator --operator "City of Example" --passphrase-file shown
expect_err "hint: chmod"
run 2 init --data operator --operator "$(printf 'City\033[31m')" --passphrase-file passphrase
run 2 init --data operator --operator City --suite rot13 --passphrase-file passphrase
expect_err "there is no suite 'rot13'"
run 2 init --data operator --operator City --unsealed-key --passphrase-file passphrase
[ ! -e operator ] || fail "a folder was left behind"

run 0 init --data operator --operator "City of Example" --passphrase-file passphrase --root-key-out root.key
expect_out "City of Example" "operator/public/operator.pub" "root key      root.key"
expect_nothing_on err
fingerprint=$(sed -n 's/^fingerprint *//p' out)
[[ $fingerprint =~ ^[0-9a-f]{32}$ ]] || fail "fingerprint is $fingerprint"
[ "$(stat -c %a operator)" = 700 ] || fail "others may look into the folder"
[ "$(stat -c %a root.key)" = 600 ] || fail "others may read the root key"
[ ! -e operator/keys/root.key ] || fail "the root key lies in the folder"
run 0 inspect operator/public/operator.pub
expect_out "$fingerprint"

run 2 init --data operator --operator "City of Example" --passphrase-file passphrase
expect_err "operator exists"

run 0 init --data second --operator "City of Example" --passphrase-file passphrase
expect_err "warning: the root key lies in the same folder"
[ -e second/keys/root.key ] || fail "there is no root key"

run 0 init --data third --operator Tests --unsealed-key --root-key-out third.key
expect_err "warning: the keys are not sealed"

mkdir credentials
cp passphrase credentials/passphrase
CREDENTIALS_DIRECTORY=$scene/credentials run 0 init --data fourth --operator Tests --root-key-out fourth.key

run 0 init --data fifth --operator Tests --passphrase-file passphrase --root-key-out fifth.key --slot-dir slots
[ -n "$(ls slots)" ] || fail "there are no slots"
[ ! -e fifth/slot ] || fail "the slots are not in their own folder"

# On a terminal it asks twice, shows nothing of what is typed, and takes two equal answers only.
asked() {
  python3 - "$BLINDBOOK" "$@" >out 2>err <<'PYTHON' || fail "asking for a passphrase"
import os, pty, sys
program, first, second, folder, wanted = sys.argv[1:]
words = [program, "init", "--data", folder, "--operator", "Tests", "--root-key-out", folder + ".key"]
child, terminal = pty.fork()
if child == 0:
    os.execv(program, words)
shown = b""

def read_until(end):
    global shown
    while not shown.endswith(end):
        try:
            piece = os.read(terminal, 1)
        except OSError:  # the other side has gone
            piece = b""
        if not piece:
            return
        shown += piece

read_until(b"new passphrase: ")
os.write(terminal, first.encode() + b"\n")
read_until(b"the same passphrase again: ")
os.write(terminal, second.encode() + b"\n")
read_until(b"no program says this")
sys.stdout.buffer.write(shown)
code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
assert code == int(wanted), code
assert b"secret" not in shown, shown
PYTHON
}
asked "one secret" "another secret" sixth "$(exit_code_of passphrase.mismatch)"
expect_out "the two passphrases differ"
[ ! -e sixth ] || fail "a folder was left behind"
asked "one secret" "one secret" seventh 0
expect_out "fingerprint"
(umask 077 && echo "one secret" >typed)
printf 'number,label,discoverable\n+493023125001,a,yes\n' >subscribers.csv
run 2 publish --data seventh --subscribers subscribers.csv --passphrase-file passphrase
expect_err "passphrase"
run 0 publish --data seventh --subscribers subscribers.csv --passphrase-file typed
