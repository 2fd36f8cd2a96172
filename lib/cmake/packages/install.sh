#!/bin/sh
# install.sh [--no-start] LIST..: installs the Debian packages named in these files, one a line, # starts a comment.
# Calls apt only when one is missing. Not root: through sudo, or prints the line to run and exits 1.
#   --no-start  starts no server that is among them
set -eu

start=true
if [ "${1:-}" = --no-start ]; then
  start=false
  shift
fi
if [ $# -eq 0 ]; then
  echo "usage: install.sh [--no-start] LIST.." >&2
  exit 2
fi

missing=$(sed 's/#.*//' "$@" | while read -r package; do
  status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
  if [ -n "$package" ] && [ "$status" != installed ]; then
    printf ' %s' "$package"
  fi
done)
if [ -z "$missing" ]; then
  exit 0
fi

as_root=
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "missing packages; as root, run:" >&2
    echo "apt-get update && apt-get install --yes --no-install-recommends$missing" >&2
    exit 1
  fi
  as_root=sudo
fi

# What the scripts of packages ask before they start a server; containers have one that says no already.
policy=/usr/sbin/policy-rc.d
if ! $start && [ ! -e $policy ]; then
  trap '$as_root rm -f $policy' EXIT
  trap 'exit 1' HUP INT TERM
  printf '#!/bin/sh\nexit 101\n' | $as_root tee $policy >/dev/null
  $as_root chmod 755 $policy
fi

# The package lists of a fresh image are empty, those of an old one name files that are gone.
install_missing() {
  # $missing holds one word for each package.
  # shellcheck disable=SC2086
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends $missing
}
if ! install_missing; then
  $as_root apt-get update
  install_missing
fi
