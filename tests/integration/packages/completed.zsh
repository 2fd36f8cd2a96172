#!/usr/bin/env zsh
# completed.zsh FOLDER WORD..: what zsh offers behind these words, with the completion functions in FOLDER: a line for each
# match, with its description if it has one. A shell on a terminal of its own is asked as a person would, by the tab key.
emulate -L zsh -o extended_glob
zmodload zsh/zpty || exit 1
folder=$1
shift
zpty shell zsh -f -i
send() { zpty -w shell "$1" }
send "PROMPT=; stty columns 500; fpath=($folder \$fpath); autoload -Uz compinit; compinit -u -d $folder/dump"
send 'bindkey "^I" complete-word; finish() { exit }; comppostfuncs=(finish)'
# Where a match would be added to those offered, it is printed.
send 'compadd() {
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi
  local -a hits texts
  if (( $@[(I)-d] )); then texts=("${(@P)${@[$[${@[(i)-d]} + 1]]}}"); fi
  builtin compadd -A hits -D texts "$@"
  local hit
  for hit in {1..$#hits}; do (( $#hits )) && print && print -r -- "=${texts[hit]:-${hits[hit]}}"; done
}'
send 'print -r -- READ''Y'
while zpty -r shell line && [[ $line != READY* ]]; do :; done
zpty -n -w shell "$*"$'\t'
while zpty -r shell line; do
  [[ $line == '='* ]] && print -r -- "${${line#'='}%%[[:space:]]##}"
done
zpty -d shell
exit 0
