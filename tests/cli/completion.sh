#!/usr/bin/env bash
# What the printed script completes in bash: commands, every option of each, words to choose from, and paths.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

run 0 completion bash
expect_nothing_on err
cp out completion.bash
# A clean shell, as strict as a person may have set theirs.
cat >ask <<'BASH'
set -euo pipefail
compopt() { echo "<$2>"; }  # readline does the rest, and is not here
. ./completion.bash
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_blindbook
printf '%s\n' "${COMPREPLY[@]}"
BASH

# offered WORD..: what completes the last of these words behind `blindbook`, in one line.
offered() {
  bash ask blindbook "$@" >offer 2>complaint || fail "completing '$*': $(cat complaint)"
  [ ! -s complaint ] || fail "completing '$*' says: $(cat complaint)"
  paste --serial --delimiters=' ' offer | sed 's/ *$//'
}
# expect_offer EXPECTED WORD..
expect_offer() {
  local expected=$1 got
  shift
  got=$(offered "$@")
  [ "$got" = "$expected" ] || fail "behind 'blindbook $*' stands '$got' instead of '$expected'"
}

run 0 --help
commands=$(sed -n '/^$/,/^$/s/^  \([a-z]*\) .*/\1/p' out | paste --serial --delimiters=' ')
expect_offer "$commands --help --version" ""
for command in $commands; do
  run 0 "$command" --help
  options=$(sed -nE 's/^  (--[a-z-]+).*/\1/p' out | paste --serial --delimiters=' ')
  expect_offer "${options:+$options }--help" "$command" --
done

expect_offer "init inspect" in
expect_offer "" frobnicate ""
expect_offer "text json csv" discover --format ""
expect_offer "json" discover --contacts a.vcf --format j
expect_offer "text json" status --data d --format ""
# To bash, = stands alone.
expect_offer "text json csv" discover --format =
expect_offer "csv" discover --format = c
expect_offer "<dirnames>" serve --data ""
expect_offer "<default>" serve --tls-key ""
expect_offer "<default>" discover --contacts = ""
expect_offer "" token --account ""
expect_offer "<default>" inspect ""
expect_offer "--format" inspect --f
expect_offer "renew revoke --data --root-key --passphrase-file --help" key ""
expect_offer "revoke" key rev
expect_offer "bash zsh --help" completion ""
expect_offer "--label-bytes --label-template" publish --label-

# In the very shell: it is registered, and readline's own completion is asked for where a path is meant.
bash -ec '. ./completion.bash; complete -p blindbook' >out
expect_out "complete -F _blindbook blindbook"

run 0 completion zsh
grep -q '^#compdef blindbook$' out || fail "zsh finds no #compdef"
run 2 completion fish
expect_err "for which shell is not said" "blindbook completion zsh"
