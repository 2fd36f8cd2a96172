#!/usr/bin/env bash
# The Python package as pip installs it: without a network and without a compiler, and what it installed works.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

cp -r "$bindings/python" package  # pip leaves things beside what it builds
PIP_NO_INPUT=1 CC=/bin/false python3 -m pip install --quiet --no-build-isolation --no-index --target site ./package 2>pip.log ||
  fail "pip: $(cat pip.log)"
export PYTHONPATH=$scene/site
[ "$(python3 -c 'import blindbook; print(blindbook.__file__)')" = "$scene/site/blindbook/__init__.py" ] ||
  fail "another package was loaded"
[ -f site/blindbook/py.typed ] || fail "its types are not installed"
discover state python3 package/examples/discover.py
