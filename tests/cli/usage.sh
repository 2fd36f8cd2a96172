#!/usr/bin/env bash
# What is said wrongly ends with 2 and says what would be right.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

run 2
expect_err "no command was given"
run 2 frobnicate
expect_exactly err <<'TEXT'
blindbook: error: there is no command 'frobnicate'
blindbook: hint: there are init, publish, epoch, serve, token, discover, status, inspect, erase, ledger, backup, restore, key, estimate, bench, completion
TEXT
expect_nothing_on out

# Not built: absent from help, and refused by naming what exists.
for option in --threads --admin-listen; do
  run 0 discover --help
  ! grep -qe "$option" out || fail "help promises $option"
  run 2 discover --contacts contacts.vcf "$option" value
  expect_err "blindbook discover has no option $option" "it has --server"
done
run 2 serve --data d --listen 127.0.0.1:0 --metrics 9000
expect_err "blindbook serve has no option --metrics" "it has --data"

run 2 publish --data d
expect_err "--subscribers SRC is missing" "blindbook publish --help"
run 2 token --data d --account
expect_err "--account needs a value"
run 2 token --data d --account --ttl 10m
expect_err "--account needs a value"
run 2 token --data d --data e --account a
expect_err "--data was given more than once"
run 2 token --data d --account a surplus
expect_err "'surplus' is one argument too many"
run 2 discover --contacts a --format xml
expect_err "--format cannot be 'xml'" "one of text|json|csv"
run 2 discover --contacts a --dry-run --format csv
expect_err "--dry-run has no matches"
run 2 discover --contacts a --state s --no-state
expect_err "exclude each other"
run 2 inspect
expect_err "FILE is missing"
run 2 ledger --data d
expect_err "what to do with the ledger is not said" "confirm-clock"
run 2 ledger burn --data d
expect_err "confirm-clock"
run 2 ledger forget --data d --account alice
expect_err "d is not an operator's folder"
run 2 ledger confirm-clock --data d
expect_err "d is not an operator's folder"
run 2 backup --data d
expect_err "--to NEW is missing" "blindbook backup --help"
run 2 restore --data d --from b --last-announcement l
expect_err "--root-key FILE is missing"
run 2 key --data d
expect_err "what to do with the announcement key is not said" "key renew"
run 2 inspect "$(printf 'no\033[31mfile')"
! grep -q "$(printf '\033')" err || fail "an escape sequence went through"

run 0 --version
expect_out "blindbook " "suites: ristretto255-sha512" "kernels: " "scalar51" "(in use)"
expect_nothing_on err
BLINDBOOK_KERNEL=scalar51 run 0 --version
expect_out "scalar51 (in use)"
BLINDBOOK_KERNEL=nonsense run 2 --version
expect_err "nonsense" "scalar51"
expect_nothing_on out
BLINDBOOK_KERNEL=nonsense run 2 status --data d

# Output that does not arrive is a failure.
code=0
"$BLINDBOOK" --version >/dev/full 2>err || code=$?
[ "$code" -eq "$(exit_code_of output.write)" ] || fail "a full disk ended with $code"
expect_err "standard output did not take everything"
# So does a reader that has gone, whatever the caller left of the signals.
python3 - "$BLINDBOOK" 2>err <<'PYTHON' || fail "a closed pipe"
import os, subprocess, sys
reader, writer = os.pipe()
os.close(reader)
code = subprocess.run([sys.argv[1], "--version"], stdout=writer, restore_signals=True).returncode
assert code == 1, code
PYTHON
expect_err "standard output did not take everything"
