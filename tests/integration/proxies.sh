#!/usr/bin/env bash
# nginx and HAProxy by the examples that are shipped: HTTP/2, TLS 1.3, a cache that is emptied at publication, no log of
# addresses, and two workers of which either may end.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/servers.sh"
examples=$(cd "$integration/../../cli/packaging/examples" && pwd)

make_operator
make_address_book
make_certificate
make_token alice
python3 - <<'PYTHON'
import json
config = json.load(open("operator/config.json"))
config["trusted_proxies"] = ["127.0.0.1"]
json.dump(config, open("operator/config.json", "w"))
PYTHON
mapfile -t ports < <(free_ports 6)
nginx_port=${ports[0]} haproxy_port=${ports[1]}

# start_worker PORT WORD..: a worker on that port. Sets serve_pid; the log of the one before is put aside.
start_worker() {
  [ ! -e serve.log ] || mv serve.log "serve.$serve_pid.log"
  start_serve --data operator --listen "127.0.0.1:$1" --passphrase-file passphrase "${@:2}"
  helpers+=("$serve_pid")
}
# discover_through PORT: as a client who was given the address of the proxy; to nobody's loss when that is done again.
discover_through() {
  "$BLINDBOOK" discover --server "https://127.0.0.1:$1" --operator-key operator/public/operator.pub --ca-file cert.pem \
    --token-file token --contacts contacts.vcf --region DE --no-state --format csv >"found.$1" 2>"discover.$1"
}
found_all() { [ "$(grep -c '@anna\|@carla' "found.$1")" -eq 3 ] || fail "through port $1 was found: $(cat "found.$1")"; }
# through PORT WORD..: curl speaks to a proxy.
through() { curl --silent --show-error --fail --cacert cert.pem "${@:3}" "https://127.0.0.1:$1$2"; }
# expect_modern PORT: HTTP/2 over TLS 1.3, and nothing older than that TLS.
expect_modern() {
  [ "$(through "$1" /v1/announcement --http2 --tlsv1.3 --output /dev/null --write-out '%{http_version}')" = 2 ] || fail "no HTTP/2"
  ! through "$1" /v1/announcement --tls-max 1.2 --output /dev/null 2>curl.err || fail "TLS 1.2 is spoken"
}

# --- nginx
start_worker 0
make_folder_of_server nginx
cp cert.pem key.pem nginx
[ "$(id -u)" -ne 0 ] || chown nobody:nogroup nginx/*
sed -e "s#listen 443#listen 127.0.0.1:$nginx_port#; /listen \[::\]/d; s#/etc/letsencrypt/live/[a-z.]*/fullchain.pem#$scene/nginx/cert.pem#" \
  -e "s#/etc/letsencrypt/live/[a-z.]*/privkey.pem#$scene/nginx/key.pem#; s#/var/l[a-z]*/nginx/#$scene/nginx/#" \
  -e "s#127.0.0.1:8443#${url#http://}#" "$examples/nginx.conf" >site.conf
cat >nginx.conf <<CONF
daemon off;
pid $scene/nginx/pid;
error_log stderr;
events {}
http {
  access_log $scene/nginx/access.log;
  client_body_temp_path $scene/nginx/body;
  proxy_temp_path $scene/nginx/proxy;
  fastcgi_temp_path $scene/nginx/fastcgi;
  uwsgi_temp_path $scene/nginx/uwsgi;
  scgi_temp_path $scene/nginx/scgi;
  include $scene/site.conf;
}
CONF
"${unprivileged[@]}" nginx -p "$scene/nginx" -c "$scene/nginx.conf" >nginx.log 2>&1 </dev/null &
helpers+=("$!")
announced() { through "$1" /v1/announcement --output /dev/null 2>/dev/null; }
wait_until nginx.log announced "$nginx_port"
expect_modern "$nginx_port"
discover_through "$nginx_port" || fail "through nginx: $(cat "discover.$nginx_port")"
found_all "$nginx_port"

# The directory comes out of the cache: the service is asked once. A download is resumed.
directory=/v1/$(cd operator/public && find directory -name '*.bbd')
directory=${directory%.bbd}
fetched() { grep -c '"route":"/v1/directory"' serve.log; }
before=$(fetched)
for _ in 1 2 3; do
  through "$nginx_port" "$directory" --output copy --dump-header head
  cmp copy "operator/public/${directory#/v1/}.bbd" || fail "nginx gives another directory"
done
[ "$(fetched)" -eq "$before" ] || fail "the directory is not kept"  # it was, when the client fetched it
grep -qi '^cache-control: public, max-age=[0-9]*, no-transform' head || fail "how long it may be kept is not said: $(cat head)"
etag=$(sed -n 's/^etag: //Ip' head | tr -d '\r')
code=$(through "$nginx_port" "$directory" --output rest --write-out '%{http_code}' --header 'Range: bytes=10-' --header "If-Range: $etag")
[ "$code" = 206 ] || fail "a download is not resumed but answered with $code"
tail -c +11 "operator/public/${directory#/v1/}.bbd" | cmp - rest || fail "a download is resumed elsewhere"
! grep -qi '^content-encoding' head || fail "it was compressed"

# Published again: what was replaced is served out of the cache, until the shipped unit's command has emptied that.
sed -i '/carla/s/,1$/,no/' subscribers.csv
run 0 publish --data operator --subscribers subscribers.csv --passphrase-file passphrase
until grep -q '"event":"serving"' serve.log; do
  kill -0 "$serve_pid" || fail "serve ended"
done
through "$nginx_port" "$directory" --output /dev/null || fail "the cache is empty before it was emptied"
purge=$(sed -n 's/^ExecStart=//p' "$examples/blindbook-purge.service")
# shellcheck disable=SC2086
${purge//\/var\/lib\/nginx\//$scene/nginx/}
code=$(through "$nginx_port" "$directory" --output /dev/null --write-out '%{http_code}' 2>/dev/null || true)
[ "$code" = 404 ] || fail "what was replaced is answered with $code"
discover_through "$nginx_port" || fail "through nginx: $(cat "discover.$nginx_port")"
! grep -q carla "found.$nginx_port" || fail "who withdrew is found"

# Nobody's address is kept.
! grep -rlE '127\.0\.0\.1|203\.0\.113' nginx --include='*log*' || fail "nginx keeps addresses"
! grep -q '127\.0\.0\.1' serve.log || fail "the service keeps addresses"
stop_serve

# --- HAProxy and two workers
cat cert.pem key.pem >both.pem
chmod 644 both.pem
sed -e "s#bind :443#bind 127.0.0.1:$haproxy_port#; s#/etc/haproxy/[a-z.]*pem#$scene/both.pem#; /^ *\(user\|group\) /d" \
  -e "s#127.0.0.1:8443 port 9464#127.0.0.1:${ports[2]} port ${ports[4]}#" \
  -e "s#127.0.0.1:8444 port 9465#127.0.0.1:${ports[3]} port ${ports[5]}#; s#check inter 2s#& fastinter 100ms#" "$examples/haproxy.cfg" >haproxy.cfg
haproxy -c -f haproxy.cfg >check.log 2>&1 || fail "HAProxy does not take the example: $(cat check.log)"
! grep -qi 'warning' check.log || fail "HAProxy warns of the example: $(cat check.log)"
start_worker "${ports[2]}" --proxy-protocol --admin-listen "${ports[4]}"
first=$serve_pid
start_worker "${ports[3]}" --proxy-protocol --admin-listen "${ports[5]}"
second=$serve_pid
chmod 711 "$scene"
"${unprivileged[@]}" haproxy -db -f "$scene/haproxy.cfg" >haproxy.log 2>&1 </dev/null &
helpers+=("$!")
wait_until haproxy.log announced "$haproxy_port"
expect_modern "$haproxy_port"
# Who goes round HAProxy, and says nothing of whose connection it is, is not spoken to.
! curl --silent --output /dev/null "http://127.0.0.1:${ports[2]}/v1/announcement" || fail "a worker speaks to anybody"

# discover_while COMMAND..: eight clients one after the other; the third waits for nobody's end.
discover_while() {
  local turn
  for turn in {1..8}; do
    [ "$turn" -ne 3 ] || "$@"
    discover_through "$haproxy_port" || fail "client $turn, while $*: $(cat "discover.$haproxy_port")"
    grep -q '@anna' "found.$haproxy_port" || fail "client $turn found: $(cat "found.$haproxy_port")"
  done
}
discover_while kill -TERM "$first"
wait "$first" || fail "the first worker ended with $?"
wait_until haproxy.log grep -q 'workers/first is DOWN' haproxy.log
start_worker "${ports[2]}" --proxy-protocol --admin-listen "${ports[4]}"
first=$serve_pid
wait_until haproxy.log grep -q 'workers/first is UP' haproxy.log
discover_while kill -KILL "$second"
wait "$second" 2>/dev/null || true
! grep -q 'route":"/readyz"\|route":"/healthz"' serve.log serve.*.log || fail "each check of HAProxy is in the log"
! grep -hE '127\.0\.0\.1:[0-9]+ \[' haproxy.log || fail "HAProxy keeps addresses"
# Each client was charged its 64 once, whichever worker it met: 2 through nginx and 16 here.
spent=$(sqlite3 operator/blindbook.db "SELECT sum(evaluations) FROM daily WHERE issuer <> ''")
[ "$spent" -eq $((18 * 64)) ] || fail "charged was $spent"
stop_serve
