# A recording proxy between the program and the service; sourced after scene.sh.
# shellcheck shell=bash
proxy_tool=$(dirname "${BASH_SOURCE[0]}")/../support/recording_proxy.py
proxy_pid=

# start_proxy URL [FAULT..]: a proxy to the service at URL. Sets proxied, its own URL, and proxy_pid.
start_proxy() {
  local to=${1#http://} fault arguments=()
  shift
  for fault in "$@"; do
    arguments+=(--fault "$fault")
  done
  exec {proxy_out}< <(exec python3 "$proxy_tool" --to "$to" --record record.json "${arguments[@]}" </dev/null)
  proxy_pid=$!
  helpers+=("$proxy_pid")
  local line
  read -r line <&"$proxy_out" || fail "the proxy did not start"
  # shellcheck disable=SC2034
  proxied=${line#listening on }
}

# stop_proxy: ends it, and leaves what it saw in the file record.json.
stop_proxy() {
  kill -TERM "$proxy_pid"
  wait "$proxy_pid" || fail "the proxy ended with $?"
  exec {proxy_out}<&-
}

# wait_until_held: until a fault holds a message.
wait_until_held() {
  local line
  read -r line <&"$proxy_out" || fail "the proxy holds nothing"
  [[ $line == "held "* ]] || fail "the proxy said: $line"
}
