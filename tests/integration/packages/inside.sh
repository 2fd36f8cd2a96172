#!/usr/bin/env bash
# Runs inside the system that the packages were installed into, as root below its systemd: the commands of the guide, and
# then a client.
set -euo pipefail
cd "$(mktemp -d)"
fail() {
  echo "FAILED: $*"
  systemctl --no-pager --full status blindbook.service blindbook-publish.service || true
  journalctl --no-pager --lines=50
  exit 1
}

units=(blindbook.service blindbook-publish.service blindbook-publish.timer)
systemd-analyze verify --man=no "${units[@]/#//usr/lib/systemd/system/}" >verified 2>&1 || fail "verify: $(cat verified)"
[ ! -s verified ] || fail "verify: $(cat verified)"
for unit in blindbook.service blindbook-publish.service; do
  systemd-analyze security --offline=true --threshold=15 --no-pager "/usr/lib/systemd/system/$unit" >rated ||
    fail "$unit is exposed: $(grep ✗ rated)"
done

mkdir -p /srv/messenger
cat >/srv/messenger/subscribers.csv <<'CSV'
number,label,discoverable
+493023125001,@anna:city.example,yes
+493023125003,@carla:city.example,yes
CSV

# run_block N: the commands of the Nth block below "A service under systemd" in the guide.
run_block() {
  awk -v wanted="$1" '/^## /{inside = $0 == "## A service under systemd"}
    /^```/{open = !open; if (open && inside) ++block; next}
    open && inside && block == wanted' /srv/install.md >commands
  [ -s commands ] || fail "the guide has no block $1"
  bash -euo pipefail commands || fail "block $1 of the guide"
}
# The service is there a little after it was started: wait for what it prints.
sed -i 's/^systemctl enable --now .*/&\ntimeout 60 sh -c "until curl --silent --output \/dev\/null http:\/\/127.0.0.1:8443\/v1\/announcement; do sleep 0.2; done"/' \
  /srv/install.md
run_block 1 | tee said
grep -q '^blindbook://book.city.example/#' said || fail "no invitation was printed"
run_block 2 | tee said
grep -q '^operator  *City of Example$' said || fail "status says nothing of the operator"
systemctl is-enabled blindbook.service blindbook-publish.timer
[ "$(stat --format=%a token)" = 600 ] || fail "others can read the token"

# A client, through the nginx of the example, over TLS.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=test \
  -addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem 2>/dev/null
sed -e "s#/etc/letsencrypt/live/book.city.example/fullchain.pem#$PWD/cert.pem#" \
  -e "s#/etc/letsencrypt/live/book.city.example/privkey.pem#$PWD/key.pem#" \
  /usr/share/doc/blindbook/examples/nginx.conf >/etc/nginx/sites-enabled/default
chmod 755 .
nginx || fail "nginx does not take the example"
printf '%s\r\n' BEGIN:VCARD FN:Anna TEL:+493023125001 END:VCARD BEGIN:VCARD FN:Bert TEL:+493023125002 END:VCARD >contacts.vcf
client=(blindbook discover --operator-key /var/lib/blindbook/public/operator.pub --token-file token --contacts contacts.vcf
  --ca-file cert.pem --no-state --format csv)
"${client[@]}" --server https://127.0.0.1 | tr -d '\r' | tee found
grep -qx 'Anna,+493023125001,@anna:city.example' found || fail "through nginx Anna was not found"
[ "$(wc -l <found)" -eq 2 ] || fail "others were found through nginx"

# Published again, by the timer's service: passed on by the one that runs.
systemctl start blindbook-publish.service || fail "publishing again"
blindbook inspect /var/lib/blindbook/public/announcement.bba | tee announced
grep -q '^seq  *2$' announced || fail "the second publication is not the second"

# What the service has of its machine.
pid=$(systemctl show --property=MainPID --value blindbook.service)
grep -q '^CapEff:	0000000000000000$' "/proc/$pid/status" || fail "it has capabilities"
grep -q '^NoNewPrivs:	1$' "/proc/$pid/status" || fail "it may gain rights"
grep -q '^Seccomp:	2$' "/proc/$pid/status" || fail "any system call is allowed"
grep -q '^VmLck:	 *[1-9]' "/proc/$pid/status" || fail "no key is locked in memory"
if journalctl --unit=blindbook.service --output=cat | grep 'RLIMIT_MEMLOCK\|not sealed'; then
  fail "it warns"
fi

# It speaks TLS itself by the drop-in of the example.
mkdir -p /etc/systemd/system/blindbook.service.d
sed -e "s#/etc/letsencrypt/live/book.city.example/fullchain.pem#$PWD/cert.pem#" \
  -e "s#/etc/letsencrypt/live/book.city.example/privkey.pem#$PWD/key.pem#" \
  /usr/share/doc/blindbook/examples/tls.conf >/etc/systemd/system/blindbook.service.d/tls.conf
nginx -s stop
systemctl daemon-reload
systemctl restart blindbook.service
timeout 60 sh -c 'until curl --silent --cacert cert.pem --output /dev/null https://127.0.0.1:8443/v1/announcement; do sleep 0.2; done' ||
  fail "it does not speak TLS"
"${client[@]}" --server https://127.0.0.1:8443 | tr -d '\r' | tee found
grep -qx 'Anna,+493023125001,@anna:city.example' found || fail "over its own TLS Anna was not found"

# It ends in peace; a wrong option ends it for good, and is said.
systemctl stop blindbook.service
[ "$(systemctl show --property=Result --value blindbook.service)" = success ] || fail "it did not end in peace"
rm -r /etc/systemd/system/blindbook.service.d
echo 'BLINDBOOK_SERVE="--listen nowhere"' >>/etc/default/blindbook
systemctl daemon-reload
systemctl start blindbook.service || true
timeout 30 sh -c 'until systemctl is-failed --quiet blindbook.service; do sleep 0.2; done' || fail "a wrong option is not noticed"
[ "$(systemctl show --property=NRestarts --value blindbook.service)" = 0 ] || fail "it was restarted in vain"
echo 'all is well'
