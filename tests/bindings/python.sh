#!/usr/bin/env bash
# The Python package: its client against the program's service, and its service against both clients.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

client=(python3 "$bindings/python/examples/discover.py")
discover state "${client[@]}"
is_refused "BadInput service.token" "${client[@]}"
stop_serve

# The same service in Python. It has what the folder has, so the same root and the same tokens.
exec {service}< <(exec python3 "$bindings/python/examples/serve.py" operator 0 2>service.log)
helpers+=("$!")
read -r line <&"$service" || fail "serve.py did not start: $(cat service.log)"
url=${line#listening on }
printf '%s\r\n' BEGIN:VCARD FN:Anna TEL:+493023125001 END:VCARD >anna.vcf
run 0 discover --server "$url" --operator-key operator/public/operator.pub --token-file token --contacts anna.vcf --no-state \
  --format csv
expect_out "Anna,+493023125001,@anna:city.example"
discover other-state "${client[@]}"
is_refused "BadInput service.token" "${client[@]}"

# What a client cannot be refused by itself, the service refuses.
expect_status() {
  local wanted=$1 got
  shift
  got=$(curl --silent --output /dev/null --write-out '%{http_code}' "$@")
  [ "$got" = "$wanted" ] || fail "curl $* was answered with $got instead of $wanted"
}
expect_status 404 "$url/v1/directory/../../root.key" --path-as-is
expect_status 404 "$url/v1/directory/00/1"
expect_status 401 --data x "$url/v1/evaluate"
expect_status 400 --data x --header "Authorization: Bearer $(cat token)" "$url/v1/evaluate"
