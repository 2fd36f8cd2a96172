#!/usr/bin/env bash
# installed.sh WORK: installs the packages into a Debian that debootstrap just made; runs the main job of the program as a
# user without rights, and the commands of docs/operator/install.md under that system's own systemd; removes it all again.
# Needs root. The base system is kept in WORK for the next time; what is mounted and started ends with this script.
set -euo pipefail
work=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
sources=$(cd "$here/../../.." && pwd)
root=$work/system
archive=$work/base.tar

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# make_base: a Debian of the release that runs here, of essential packages alone, from the mirror that apt uses here.
make_base() {
  local release mirror
  # shellcheck disable=SC1091
  release=$(. /etc/os-release && echo "$VERSION_CODENAME")
  # apt expands that.
  # shellcheck disable=SC2016
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Codename: $release" | head -n 1)
  rm -rf --one-file-system "$root"
  debootstrap --variant=minbase "$release" "$root" ${mirror:+"$mirror"} >"$work/debootstrap.log" ||
    fail "debootstrap: $(tail -n 20 "$work/debootstrap.log")"
  tar --create --file "$archive.part" --directory "$root" .
  mv "$archive.part" "$archive"
}

# enter WORD..: a command in the system, with processes and mounts of its own. As `enter boot`: its systemd, which runs the
# unit inside.service, without a network but loopback, and ends as that does.
enter() {
  local spaces=(--mount --pid)
  if [ "$1" = boot ]; then
    spaces+=(--net --uts --ipc --cgroup)
  fi
  # In the new namespaces $1 is the root. A user namespace, which PrivateUsers= needs, is refused below a mere chroot.
  # shellcheck disable=SC2016
  timeout --signal=KILL 600 unshare "${spaces[@]}" --fork --kill-child bash -euc '
    root=$1
    shift
    mount --make-rprivate /
    mount --bind "$root" "$root"
    mount -t proc proc "$root/proc"
    mount -t tmpfs -o mode=755 tmpfs "$root/run"
    mount -t tmpfs -o mode=755 tmpfs "$root/dev"
    for device in null zero full random urandom tty; do
      touch "$root/dev/$device"
      mount --bind "/dev/$device" "$root/dev/$device"
    done
    mkdir "$root/dev/pts" "$root/dev/shm"
    mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
    ln -s pts/ptmx "$root/dev/ptmx"
    ln -s /proc/self/fd "$root/dev/fd"
    if [ "$1" = boot ]; then
      # Nothing of the machine outside is for it to change.
      mount --bind "$root/proc/sys" "$root/proc/sys"
      mount -o remount,bind,ro "$root/proc/sys"
      mount -t sysfs -o ro sysfs "$root/sys"
      mount -t cgroup2 none "$root/sys/fs/cgroup"
      set -- /lib/systemd/systemd --unit=inside.service
      export container=other
    fi
    cd "$root"
    pivot_root . mnt
    cd /
    umount --lazy /mnt
    # Where systemd shows a service its credentials.
    mount --make-rshared /
    export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
    exec "$@"' - "$root" "$@"
}

[ "$(id -u)" -eq 0 ] || fail "this needs root"
mkdir -p "$work"
[ -f "$archive" ] || make_base
rm -rf --one-file-system "$root"
mkdir "$root"
tar --extract --file "$archive" --directory "$root"
cp /etc/resolv.conf "$root/etc/resolv.conf"
apt-config dump Acquire | grep -i '::proxy' >"$root/etc/apt/apt.conf.d/00proxy" || true

# --- install, and what the tests need besides ---

mkdir "$root/packages"
cp "$sources"/build/package/debian/*.deb "$root/packages/"
rm "$root"/packages/libblindbook-dev_*  # its compilers would take long; packages.sh builds with it
enter sh -euc 'apt-get update
  apt-get install --yes --no-install-recommends /packages/*.deb
  apt-get install --yes --no-install-recommends openssl python3 curl systemd dbus nginx-light' >"$work/apt.log" 2>&1 ||
  fail "apt: $(tail -n 20 "$work/apt.log")"
enter dpkg --audit >"$work/audit"
[ ! -s "$work/audit" ] || fail "dpkg: $(cat "$work/audit")"
[ "$(enter stat --format='%U:%G %a' /var/lib/blindbook)" = "blindbook:blindbook 700" ] || fail "the folder of the service"
[ ! -e "$root/etc/systemd/system/multi-user.target.wants/blindbook.service" ] || fail "installing it enabled the service"

# --- the main job, as nobody, by the installed program ---

tests=$root/srv/tests
mkdir -p "$tests/docs/spec" "$tests/tests/integration"
cp "$sources/docs/spec/errors.md" "$tests/docs/spec/"
cp "$sources/docs/operator/install.md" "$root/srv/"
cp -r "$sources/tests/cli" "$sources/tests/support" "$tests/tests/"
mkdir -p "$tests/protocol/bindings/python"
cp -r "$sources/protocol/bindings/python/examples" "$tests/protocol/bindings/python/"
cp -r "$here" "$tests/tests/integration/"
as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --no-new-privs
  env --ignore-environment PATH=/usr/bin:/bin TMPDIR=/tmp BLINDBOOK=/usr/bin/blindbook)
for script in cli/main_job cli/completion integration/packages/inside_python; do
  enter "${as_nobody[@]}" bash "/srv/tests/tests/$script.sh" || fail "$script, as nobody by the installed program"
done
enter "${as_nobody[@]}" bash -ec '. /usr/share/bash-completion/completions/blindbook; complete -p blindbook' >/dev/null

# --- the service, by the commands of the guide, under systemd ---

cat >"$root/etc/systemd/system/inside.service" <<'UNIT'
[Unit]
Wants=dbus.socket
After=dbus.socket
SuccessAction=exit-force
FailureAction=exit-force
[Service]
Type=oneshot
ExecStart=/bin/bash /srv/tests/tests/integration/packages/inside.sh
StandardOutput=append:/srv/inside.log
StandardError=append:/srv/inside.log
TimeoutStartSec=300
UNIT
enter boot >"$work/boot.log" 2>&1 || fail "under systemd: $(tail -n 60 "$root/srv/inside.log" "$work/boot.log")"
rm "$root/etc/systemd/system/inside.service"

# --- remove: nothing is left but what is the operator's ---

enter apt-get purge --yes blindbook python3-blindbook libblindbook0 >"$work/apt.log" 2>&1 ||
  fail "apt: $(tail -n 20 "$work/apt.log")"
left=$(find "$root/usr" "$root/etc/systemd" "$root/var/lib/dpkg/info" -name '*blindbook*')
[ -z "$left" ] || fail "purging left $left"
[ -f "$root/var/lib/blindbook/config.json" ] || fail "purging took the operator's folder"

rm -rf --one-file-system "$root"
