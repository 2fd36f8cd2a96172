#!/usr/bin/env bash
# packages.sh WORK: makes the Debian packages twice, compares, asks lintian, and builds a program with what they hold.
set -euo pipefail
work=$1
sources=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
made=$sources/build/package/debian

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

"$sources/cli/packaging/make-packages.sh" --no-install
rm -rf "$work/first" "$work/unpacked"
cp -r "$made" "$work/first"
(cd "$work/first" && ls) >"$work/names"
version=$(dpkg-parsechangelog --file "$sources/cli/packaging/debian/changelog" --show-field Version)
architecture=$(dpkg --print-architecture)
diff - "$work/names" <<EOF || fail "other packages were made than these"
blindbook_${version}_$architecture.deb
libblindbook-dev_${version}_$architecture.deb
libblindbook0_${version}_$architecture.deb
python3-blindbook_${version}_all.deb
EOF

# Another time of day, and files written anew: the same bytes.
rm -rf "$sources/build/package/cli/packaging"
touch "$sources/cli/packaging/debian/copyright"
"$sources/cli/packaging/make-packages.sh" --no-install >"$work/log"
diff -r "$work/first" "$made" || fail "two runs over the same sources made different packages"

# Not for Debian's archive, so no bug of its tracker is closed; and cpack calls ldconfig besides the trigger.
lintian --allow-root --fail-on error,warning --suppress-tags initial-upload-closes-no-bugs,maintscript-calls-ldconfig \
  "$made"/*.deb || fail "lintian complains"

# No file is in two packages, and none has the debugger's symbols or a path to look for libraries.
for package in "$made"/*.deb; do
  dpkg-deb --fsys-tarfile "$package" | tar --list | grep -v '/$'
  dpkg-deb --extract "$package" "$work/unpacked"
done | sort | uniq --repeated >"$work/twice"
[ ! -s "$work/twice" ] || fail "in two packages: $(cat "$work/twice")"
libraries=$work/unpacked/usr/lib/$(dpkg-architecture --query DEB_HOST_MULTIARCH)
for binary in "$work/unpacked/usr/bin/blindbook" "$libraries/libblindbook.so.0"; do
  file --dereference "$binary" | grep -q 'pie executable.*, stripped\|shared object.*, stripped' || fail "$(file "$binary")"
  if readelf --dynamic "$binary" | grep -q 'R\(UN\)\?PATH'; then
    fail "$binary looks for libraries where the packages do not say"
  fi
  readelf --dynamic "$binary" | grep -q 'BIND_NOW\|FLAGS_1.*NOW' || fail "$binary is linked without -z now"
done

# The shared library asks of nobody more than it must: see what it is linked with.
readelf --dynamic "$libraries/libblindbook.so.0" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort >"$work/needed"
diff - "$work/needed" <<'EOF' || fail "libblindbook.so.0 needs other libraries than these"
libc.so.6
libcrypto.so.3
libgcc_s.so.1
libstdc++.so.6
EOF

# What stands in the packages is enough to build against, in C and in C++.
PKG_CONFIG_LIBDIR=$libraries/pkgconfig bash "$sources/tests/consumer/pkg_config.sh" "$work/unpacked/usr" "$work/built"
for project in c installed; do
  rm -rf "${work:?}/$project"
  cmake -S "$sources/tests/consumer/$project" -B "$work/$project" -G Ninja -DCMAKE_PREFIX_PATH="$work/unpacked/usr" \
    -Dblindbook_DIR="$libraries/cmake/blindbook" >"$work/log"
  cmake --build "$work/$project" >"$work/log" || fail "the consumer $project does not build: $(cat "$work/log")"
  (cd "$work/$project" && ctest --output-on-failure --no-tests=error >"$work/log") || fail "$project: $(cat "$work/log")"
done
