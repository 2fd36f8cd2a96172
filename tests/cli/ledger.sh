#!/usr/bin/env bash
# What a person looks at in the ledger, and decides about it: show, grant, reset, export. Nothing printed or noted names an
# account but what was asked for by its name.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

begin_with_alice
ask_for_contacts 0 --no-state

run 0 ledger show --data operator --account alice --format json
expect_json 'it["schema"], it["account"][0]["evaluations_left"], it["account"][0]["requests"]' \
  "('blindbook.ledger/1', 8128, 1)"
run "$(exit_code_of ledger.account)" ledger show --data operator --account nobody
expect_err "the ledger does not know that account"
run 0 ledger grant --data operator --account alice --evaluations 100
expect_out "8,228"
run 0 ledger grant --data operator --account alice --evaluations 100000 --format json
expect_json 'it["account"][0]["evaluations_left"]' 16384
run 0 ledger reset --data operator --account alice --format json
expect_json 'it["account"][0]["evaluations_left"]' 8192
ask_for_contacts 0 --no-state  # while the service runs
run 0 ledger show --data operator --account alice --format json
expect_json 'it["account"][0]["evaluations_left"], it["account"][0]["requests"]' '(8128, 2)'

run 0 ledger export --data operator
expect_err "1 account and 2 days, of which 0 and 0 are above their limits"
! grep -q alice out || fail "an export names an account"
python3 - <<'PYTHON'
import json
head, account, service, issuer, sums = map(json.loads, open("out"))
assert head["schema"] == "blindbook.ledger-export/1" and head["allowance"]["capacity"] == 16384, head
assert (account["evaluations"], account["bound"]) == (128, 16384 + 320), account
assert (service["evaluations"], issuer["evaluations"], service["ceiling"]) == (128, 128, 10_000_000), (service, issuer)
assert sums == {"accounts": 1, "accounts_above": 0, "days": 2, "days_above": 0}, sums
PYTHON
cp out first
run 0 ledger export --data operator
[ "$(sed -n 2p out)" != "$(sed -n 2p first)" ] || fail "two exports have one name for an account"

run 0 inspect operator/audit.jsonl
! grep -q alice operator/audit.jsonl || fail "the audit trail names an account"
[ "$(grep -c '"command":"ledger grant","counts":{"evaluations":' operator/audit.jsonl)" -eq 2 ] || fail "grants are not in the trail"
grep -q '"command":"ledger reset"' operator/audit.jsonl || fail "the reset is not in the trail"

# What is missing or does not belong.
run 2 ledger show --data operator
expect_err "whose account to show is not said"
run 2 ledger grant --data operator --account alice
expect_err "grant needs it"
run 2 ledger reset --data operator --account alice --evaluations 5
run 2 ledger grant --data operator --account alice --evaluations none
expect_err "--evaluations cannot be 'none'"
run 2 ledger grant --data operator --account alice --evaluations 0
stop_serve
