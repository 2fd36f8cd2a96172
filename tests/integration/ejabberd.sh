#!/usr/bin/env bash
# ejabberd, the component that gives tokens, and an app: from registering to a match in the roster.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/xmpp.sh"

# Without TLS, as nobody else than this test is there to listen. ejabberdctl insists on a user of its own; Erlang without a
# name for its node needs no epmd, which would be left running.
make_folder_of_server ejabberd
cat >ejabberd/ejabberd.yml <<YAML
hosts: [city.example, elsewhere.example]
listen:
  - port: $client_port
    ip: 127.0.0.1
    module: ejabberd_c2s
  - port: $component_port
    ip: 127.0.0.1
    module: ejabberd_service
    hosts:
      blindbook.city.example:
        password: $(cat component.secret)
auth_method: internal
auth_password_format: scram
registration_timeout: infinity
modules:
  mod_disco: {}
  mod_register:
    access: all
    ip_access: all
  mod_roster: {}
YAML
program=$(find /usr/lib -path '*/ejabberd-*/ebin/ejabberd.beam' -printf '%h\n' | tail -1)
EJABBERD_CONFIG_PATH=$scene/ejabberd/ejabberd.yml EJABBERD_LOG_PATH=$scene/ejabberd/ejabberd.log ERL_CRASH_DUMP=/dev/null \
  HOME=$scene/ejabberd "${unprivileged[@]}" erl -noinput -pa "$program" -mnesia dir "\"$scene/ejabberd/db\"" -s ejabberd \
  >ejabberd.log 2>&1 </dev/null &
ejabberd_pid=$!
helpers+=("$ejabberd_pid")
accepts() {
  grep -q 'for ejabberd_c2s' ejabberd.log && grep -q 'for ejabberd_service' ejabberd.log
}
wait_until ejabberd.log accepts

check_component "$ejabberd_pid" ends
