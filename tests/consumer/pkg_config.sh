#!/usr/bin/env bash
# pkg_config.sh PREFIX OUTPUT: compiles the program in C with what pkg-config says of an installation in PREFIX, whose files
# it finds by PKG_CONFIG_LIBDIR or PKG_CONFIG_PATH, and runs it.
set -euo pipefail
prefix=$1
output=$2
sources=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

said=$(pkg-config --cflags --libs blindbook)
for flag in $said; do
  case $flag in
    -lblindbook) ;;
    -I* | -L*)
      # The prefix may have been moved: paths follow it.
      [[ $(realpath "${flag:2}") == $(realpath "$prefix")/* ]] || {
        echo "FAILED: $flag leads out of $prefix" >&2
        exit 1
      }
      ;;
    *)
      echo "FAILED: pkg-config says $flag, which no user of the library needs" >&2
      exit 1
      ;;
  esac
done
libraries=$(pkg-config --variable=libdir blindbook)
# Each word is an option.
# shellcheck disable=SC2086
"${CC:-cc}" -std=c99 -Wall -Wextra -Werror -pedantic "$sources/c/version.c" -o "$output" $said "-Wl,-rpath,$(realpath "$libraries")"
[ "$("$output")" = "libblindbook $(pkg-config --modversion blindbook)" ]
