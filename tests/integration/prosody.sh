#!/usr/bin/env bash
# Prosody, the component that gives tokens, and an app: from registering to a match in the roster.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/xmpp.sh"

# Without TLS, as nobody else than this test is there to listen.
make_folder_of_server prosody
cat >prosody.lua <<LUA
data_path = "$scene/prosody"
pidfile = "$scene/prosody/prosody.pid"
log = { info = "*console" }
certificates = "$scene/prosody"
interfaces = { "127.0.0.1" }
component_interfaces = { "127.0.0.1" }
c2s_ports = { $client_port }
component_ports = { $component_port }
modules_enabled = { "disco", "register_ibr", "roster", "saslauth" }
modules_disabled = { "s2s", "tls" }
c2s_require_encryption = false
allow_registration = true
authentication = "internal_hashed"
VirtualHost "city.example"
VirtualHost "elsewhere.example"
Component "blindbook.city.example"
  component_secret = "$(cat component.secret)"
LUA
"${unprivileged[@]}" prosody -F --config "$scene/prosody.lua" >prosody.log 2>&1 </dev/null &
prosody_pid=$!
helpers+=("$prosody_pid")
activated() {
  [ "$(grep -c "Activated service 'c2s' on \[127.0.0.1\]\|Activated service 'component' on" prosody.log)" -eq 2 ]
}
wait_until prosody.log activated

check_component "$prosody_pid" stamps
