#!/usr/bin/env bash
# Who did what when: every command that changes something leaves an entry, with counts alone, and a hand in it shows.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

# entries FOLDER: "command counts" of each entry, whose chain is recomputed after docs/spec/audit.md alone.
entries() {
  python3 - "$1/audit.jsonl" <<'PYTHON'
import hashlib, json, os, sys, time
previous = "0" * 64
for seq, line in enumerate(open(sys.argv[1], "rb").read().splitlines(), 1):
    entry = json.loads(line)
    assert (entry["seq"], entry["previous"]) == (seq, previous), line
    assert entry["uid"] == os.getuid() and abs(entry["at"] - time.time()) < 600, line
    assert all(type(count) is int for count in entry["counts"].values()), line
    previous = hashlib.sha256(b"blindbook-v1 audit\0" + line).hexdigest()
    print(entry["command"], " ".join(f"{name}={count}" for name, count in entry["counts"].items() if name != "bytes"))
PYTHON
}

make_operator
printf '030 23125009,@late:city.example,yes\n' >>subscribers.csv
run 0 publish --data operator --subscribers subscribers.csv --passphrase-file passphrase
cp operator/public/announcement.bba last.bba
run 2 publish --data operator --subscribers subscribers.csv --passphrase-file passphrase --strict
run 0 backup --data operator --to backup
run 0 key renew --data operator --root-key root.key --passphrase-file passphrase
run 0 key revoke --data operator --root-key root.key --passphrase-file passphrase
run 0 ledger confirm-clock --data operator
python3 -c 'import sqlite3; db = sqlite3.connect("operator/blindbook.db"); db.execute("INSERT INTO clock VALUES (0, 1, 1, 1, 0)"); db.commit()'
run 0 ledger confirm-clock --data operator
run 0 token --data operator --account alice
run 0 status --data operator
entries operator >found
expect_exactly found <<'TEXT'
init epochs=1
publish announcement=1 epochs=1 published=3 rejected=0 rows=4
publish announcement=2 epochs=1 published=3 rejected=1 rows=5
backup files=7
key renew certificate=2
key revoke certificate=3
ledger confirm-clock 
TEXT
[ "$(stat -c %a operator/audit.jsonl)" = 600 ] || fail "others may read the audit trail"

# What status and inspect say of it.
head=$(tail -n 1 operator/audit.jsonl | tr -d '\n' | { printf 'blindbook-v1 audit\0' && cat; } | sha256sum | cut -c 1-64)
run 0 status --data operator --format json
expect_json 'it["audit"]["head"], it["audit"]["entries"], it["audit"]["last_command"]' "('$head', 7, 'ledger confirm-clock')"
run 0 inspect operator/audit.jsonl --format json
expect_json 'it["kind"], it["chain"], it["entries"], it["head"]' "('audit trail', 'whole', 7, '$head')"
expect_json 'it["first"]["command"], it["last"]["seq"]' "('init', 7)"
expect_json '{row["command"]: row["times"] for row in it["commands"]}["publish"]' 2
run 0 inspect operator/audit.jsonl
expect_out "audit trail" "$(id -un)"

# A folder that was restored goes on with the trail of its backup.
run 0 restore --data restored --from backup --root-key root.key --last-announcement last.bba --passphrase-file passphrase
entries restored >found
expect_exactly found <<'TEXT'
init epochs=1
publish announcement=1 epochs=1 published=3 rejected=0 rows=4
publish announcement=2 epochs=1 published=3 rejected=1 rows=5
backup files=7
restore epochs=1
TEXT

# A hand shows, is warned of, and keeps nobody from publishing.
sed -i '3s/"rejected":1/"rejected":0/' operator/audit.jsonl
run "$(exit_code_of audit.chain)" inspect operator/audit.jsonl
expect_err "breaks at line 4" "was changed or taken away"
run 1 status --data operator
expect_out "the audit trail was changed by hand: blindbook inspect operator/audit.jsonl says where"
run 0 publish --data operator --subscribers subscribers.csv --passphrase-file passphrase
run "$(exit_code_of audit.chain)" inspect operator/audit.jsonl

# A crash does not.
printf '{"schema":"blindbook.au' >>restored/audit.jsonl
run 0 inspect restored/audit.jsonl
expect_out "bytes behind the last entry  23"
run 0 publish --data restored --subscribers subscribers.csv --passphrase-file passphrase
run 0 inspect restored/audit.jsonl
expect_out "writes cut off               1" "bytes behind the last entry  0"

# Where no entry can be written, nothing is done.
mv restored/audit.jsonl kept
mkdir restored/audit.jsonl
before=$(sha256sum restored/public/announcement.bba restored/config.json)
run 2 publish --data restored --subscribers subscribers.csv --passphrase-file passphrase
run 1 key renew --data restored --root-key root.key --passphrase-file passphrase
run 1 backup --data restored --to other
[ "$before" = "$(sha256sum restored/public/announcement.bba restored/config.json)" ] || fail "it was done without an entry"
[ ! -e other ] || fail "there is a backup without an entry"
