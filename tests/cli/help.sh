#!/usr/bin/env bash
# Every command explains itself with an example, and the examples run, in their order, as they stand.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

make_passphrase
make_certificate
make_address_book
printf 'number,label,discoverable\n+493023125001,@anna:city.example,yes\n' >subscribers.csv
# The examples say `blindbook`.
mkdir bin
ln -s "$BLINDBOOK" bin/blindbook
export PATH=$scene/bin:$PATH SSL_CERT_FILE=$scene/cert.pem

example_of() {
  run 0 "$1" --help
  expect_out "usage: blindbook $1 "
  expect_nothing_on err
  run 0 "$1" -h
  sed -n '/^example:$/{n;s/^  //p}' out
}

for command in init publish; do
  example=$(example_of "$command")
  bash -euc "$example" >out 2>err || fail "$example"
done

example=$(example_of serve)
expect_out "--listen [HOST:]PORT" "on 127.0.0.1 if no HOST is given"
# As start_serve does, for words that a person would type.
exec {serve_out}< <(exec bash -euc "exec $example" 2>serve.log </dev/null)
serve_pid=$!
read -r line <&"$serve_out" || fail "$example: $(cat serve.log)"
[[ $line == "listening on https://127.0.0.1:"* ]] || fail "serve began with: $line"
read -r line <&"$serve_out"
echo "$line" >invitation

for command in epoch token discover status inspect erase ledger backup restore key estimate bench completion; do
  example=$(example_of "$command")
  bash -euc "$example" >out 2>err || fail "$example"
  if [ "$command" = token ]; then
    [ "$(stat -c %a token)" = 600 ] || fail "the example of token lets others read it"
  elif [ "$command" = discover ]; then
    expect_out "@anna:city.example"
  fi
done
stop_serve
