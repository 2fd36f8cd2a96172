# A PostgreSQL of a script's own, sourced behind scene.sh: its files are in the scene, it listens on a socket there and
# nowhere else, and nothing of it is left. It refuses to be root, and is nobody then.
# shellcheck shell=bash disable=SC2154

# Words before a command by which it is nobody, and has the same process id.
unprivileged=()
if [ "$(id -u)" -eq 0 ]; then
  unprivileged=(setpriv --reuid nobody --regid nogroup --clear-groups)
fi
postgresql_pid=

# start_postgresql SUPERUSER: listens in $scene/postgresql.
start_postgresql() {
  local programs try
  programs=$(find /usr/lib/postgresql -path '*/bin/initdb' -printf '%h\n' | sort --version-sort | tail -1)
  if [ ! -d "$scene/postgresql" ]; then
    chmod 711 "$scene"
    mkdir "$scene/postgresql"
    [ "$(id -u)" -ne 0 ] || chown nobody:nogroup "$scene/postgresql"
    # In a folder that everybody may enter.
    (cd / && "${unprivileged[@]}" "$programs/initdb" --pgdata "$scene/postgresql/cluster" --username "$1" --auth trust \
      --locale C --encoding UTF8 --no-sync) >"$scene/postgresql.log" 2>&1 ||
      fail "there is no cluster: $(cat "$scene/postgresql.log")"
  fi
  cd /
  "${unprivileged[@]}" "$programs/postgres" -D "$scene/postgresql/cluster" -k "$scene/postgresql" -c listen_addresses= \
    -c fsync=off >"$scene/postgresql.log" 2>&1 </dev/null &
  postgresql_pid=$!
  cd "$scene" || fail "the scene is gone"
  for try in {1..300}; do
    if pg_isready --quiet --host "$scene/postgresql"; then
      return
    fi
    sleep 0.1
  done
  fail "after $((try / 10)) seconds there is no server: $(cat "$scene/postgresql.log")"
}

# At once, as a crash would; killed, it would leave shared memory behind.
stop_postgresql() {
  if [ -n "$postgresql_pid" ]; then
    kill -QUIT "$postgresql_pid"
    wait "$postgresql_pid" || true
    postgresql_pid=
  fi
}

leave_postgresql() {
  local status=$?
  set +e
  stop_postgresql
  (exit "$status")
  leave_scene
}
trap leave_postgresql EXIT
