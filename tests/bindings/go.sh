#!/usr/bin/env bash
# The Go package: it is formatted, programs outside its module import it, and its client does what the others do.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

# By these, and not by CGO_CFLAGS, for which Go would compile its own packages anew.
export C_INCLUDE_PATH=$bindings/../blindbook/capi LIBRARY_PATH=${BLINDBOOK_LIBRARY%/*} LD_LIBRARY_PATH=${BLINDBOOK_LIBRARY%/*}
export GOCACHE=$scene/cache GOFLAGS=-mod=readonly GOPROXY=off
client=$scene/discover-go
tests=$(cd "$(dirname "${BASH_SOURCE[0]}")/go" && pwd)
[ -z "$(gofmt -l "$bindings/go" "$tests")" ] || fail "gofmt would write it otherwise"
(cd "$bindings/go" && go build -buildvcs=false -o "$client" ./examples/discover) || fail "it does not build"
discover state "$client"
is_refused "the token is not accepted" "$client"

make_passphrase
run 0 init --data sealed --operator "City of Example" --passphrase-file passphrase --root-key-out sealed-root.key
export OPERATOR=$scene/operator SEALED=$scene/sealed PASSPHRASE_FILE=$scene/passphrase SERVICE=$url
(cd "$tests" && go test -vet=off -count=1 .) || fail "a test of the package fails"
stop_serve
is_refused "connection refused" "$client"
does_not_begin_anew "$client"
is_spent "$client"
