#!/usr/bin/env bash
# The man page says of every command what its help says it takes, and no more; the one of config.json has every member.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

sources=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
examples=$sources/cli/packaging/examples

# Lines "COMMAND usage.." and "COMMAND --option ARGUMENT", sorted.
said_by_help() {
  local command
  run 0 --help
  sed -n '/^$/,/^$/s/^  \([a-z]*\) .*/\1/p' out >commands
  [ -s commands ] || fail "help lists no command"
  while read -r command; do
    run 0 "$command" --help
    sed -nE -e "s/^usage: (blindbook .*)/$command \1/p" -e "s/^  (--[a-z-]+( [^ ]+)?)  .*/$command \1/p" out
  done <commands | sort
}
said_by_page() {
  awk '/^# /{command = ""} /^## blindbook /{command = $3}
       command != "" && /^\*(blindbook |--)/{gsub(/[*_\\]/, ""); print command, $0}' "$1" | sort
}

page=$sources/docs/man/blindbook.1.scd
said_by_help >help
grep -q '^serve --listen \[HOST:\]PORT$' help || fail "the options of serve were not found in its help"
said_by_page "$page" | diff -u help - >&2 || fail "help (-) and man page (+) differ"
# The comparison, judged: what is taken out, added or altered shows.
for change in '/^\*--ttl\* /d' 's/^\*--strict\*$/&\n\t.\n\n*--planted*/' 's/^\*--account\* _NAME_/*--account* _ID_/' \
  '/^## blindbook backup/d'; do
  sed "$change" "$page" >changed
  ! cmp --silent changed "$page" || fail "there is nothing to change for $change"
  ! said_by_page changed | cmp --silent help - || fail "nobody noticed $change"
done

# The example of a config has all there can be, and the program takes it: all but a ledger in PostgreSQL, for which it would
# need a server.
grep -oE '^	*\*[a-z_]+\*$' "$sources/docs/man/blindbook-config.5.scd" | tr -d '\t*' | grep -v '^ledger$' | sort -u >members
python3 - "$examples/config.json" >exemplified <<'PYTHON'
import json, sys
names = set()
json.load(open(sys.argv[1]), object_pairs_hook=lambda pairs: names.update(name for name, _ in pairs))
print("\n".join(sorted(names)))
PYTHON
diff -u exemplified members >&2 || fail "the example of config.json (-) and its man page (+) differ"
run 0 init --data operator --operator Tests --unsealed-key
cp "$examples/config.json" operator/config.json
run 1 status --data operator
expect_out "City of Example"
sed -i 's/"ceiling_floor"/"celling_floor"/' operator/config.json
run 2 status --data operator
expect_err celling_floor

for page in blindbook.1 blindbook-config.5; do
  scdoc <"$sources/docs/man/$page.scd" >formatted 2>complaint || fail "$page: $(cat complaint)"
done
