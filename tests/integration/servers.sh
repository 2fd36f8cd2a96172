# What the scripts with servers of others share: messenger.sh, and how such a server runs. All of its files are in a folder of
# the scene, it is reached on this machine alone, and nothing of it is left.
# shellcheck shell=bash source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/../bindings/messenger.sh"

# The scripts that source this read it.
# shellcheck disable=SC2034
integration=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# PostgreSQL and Prosody refuse to be root. The words before a command by which it is nobody, and has the same process id.
unprivileged=()
if [ "$(id -u)" -eq 0 ]; then
  # The scripts that source this read it.
  # shellcheck disable=SC2034
  unprivileged=(setpriv --reuid nobody --regid nogroup --clear-groups)
fi

# make_folder_of_server NAME: a folder in the scene that the server may write to.
make_folder_of_server() {
  chmod 711 "$scene"
  mkdir "$1"
  [ "$(id -u)" -ne 0 ] || chown nobody:nogroup "$1"
}

# free_ports COUNT: so many ports of this machine that nobody listens on, one a line.
free_ports() {
  python3 - "$1" <<'PYTHON'
import socket, sys
sockets = [socket.socket() for _ in range(int(sys.argv[1]))]
for one in sockets:
    one.bind(("127.0.0.1", 0))
    print(one.getsockname()[1])
PYTHON
}

# wait_until LOG WORD..: until the command succeeds; after 30 seconds fails, with the server's log.
wait_until() {
  local log=$1 try
  shift
  for try in {1..300}; do
    if "$@"; then
      return
    fi
    sleep 0.1
  done
  fail "after $((try / 10)) seconds not yet: $*: $(cat "$log")"
}
