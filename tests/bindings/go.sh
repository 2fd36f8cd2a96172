#!/usr/bin/env bash
# The client in Go: it is formatted, and does what the others do.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

# By these, and not by CGO_CFLAGS, for which Go would compile its own packages anew.
export C_INCLUDE_PATH=$bindings/../blindbook/capi LIBRARY_PATH=${BLINDBOOK_LIBRARY%/*} LD_LIBRARY_PATH=${BLINDBOOK_LIBRARY%/*}
export GOCACHE=$scene/cache GOFLAGS=-mod=readonly GOPROXY=off
client=$scene/discover-go
(cd "$bindings/go" && go build -buildvcs=false -o "$client" .) || fail "it does not build"
[ -z "$(gofmt -l "$bindings/go")" ] || fail "gofmt would write it otherwise"
discover state "$client"
is_refused "HTTP 401" "$client"
stop_serve
is_refused "connection refused" "$client"
