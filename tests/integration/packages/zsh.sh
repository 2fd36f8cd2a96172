#!/usr/bin/env bash
# What the printed script completes in zsh: commands, every option of each, words to choose from, and paths.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/../../cli/scene.sh"

completed=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/completed.zsh
mkdir functions folder
run 0 completion zsh
cp out functions/_blindbook
zsh -n functions/_blindbook || fail "zsh cannot read the script"

# offered WORD..: what completes the last of these words behind `blindbook`, sorted, without descriptions.
offered() {
  timeout 30 zsh -f "$completed" "$scene/functions" blindbook "$@" >offer || fail "completing '$*' took too long"
  sed 's/  *-- .*//' offer | sort -u | paste --serial --delimiters=' '
}
expect_offer() {
  local expected=$1 got
  shift
  got=$(offered "$@")
  [ "$got" = "$expected" ] || fail "behind 'blindbook $*' stands '$got' instead of '$expected'"
}

run 0 --help
commands=$(sed -n '/^$/,/^$/s/^  \([a-z]*\) .*/\1/p' out)
expect_offer "$(sort <<<"$commands" | paste --serial --delimiters=' ')" ""
for command in $commands; do
  run 0 "$command" --help
  expect_offer "$({ sed -nE 's/^  (--[a-z-]+).*/\1/p' out; echo --help; } | sort | paste --serial --delimiters=' ')" "$command" --
done

expect_offer "csv json text" discover --format ""
expect_offer "json text" status --data d --format ""
expect_offer "renew revoke" key ""
expect_offer "bash zsh" completion ""
expect_offer "folder functions" serve --data f
expect_offer "" token --account ""
offered serve --tls-key "" >/dev/null
grep -q '^err$' offer || fail "a file is not offered for --tls-key"
# What _arguments would read in a special way arrives as it stands in the table.
offered publish --label- >/dev/null
grep -qF 'such as @{}:city.example' offer || fail "a description was changed: $(cat offer)"
