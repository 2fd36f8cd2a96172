#!/usr/bin/env bash
# The client in Kotlin on the JVM of this machine: the JNI glue and the loop are those of an app.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

jdk=$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")
"${CC:-cc}" -std=c11 -pedantic-errors -Wall -Wextra -Wconversion -Wshadow -Werror -shared -fPIC -I"$jdk/include" \
  -I"$jdk/include/linux" -I"$bindings/../blindbook/capi" "$bindings/kotlin/blindbook_jni.c" "$BLINDBOOK_LIBRARY" \
  -o libblindbook_jni.so
tests=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
kotlinc "$bindings/kotlin/Blindbook.kt" "$bindings/kotlin/examples/Discover.kt" "$tests/Misuse.kt" -include-runtime \
  -d discover.jar 2>kotlinc.log || fail "kotlinc: $(cat kotlinc.log)"
! grep -q ': warning:' kotlinc.log || fail "kotlinc warns: $(cat kotlinc.log)"
export LD_LIBRARY_PATH=${BLINDBOOK_LIBRARY%/*}
# -Xcheck:jni is what CheckJNI is on Android.
java=(java -Xcheck:jni -Djava.library.path="$scene" -cp discover.jar)
client=("${java[@]}" blindbook.examples.DiscoverKt)
discover state "${client[@]}"
is_refused "HTTP 401" "${client[@]}"
"${java[@]}" blindbook.tests.MisuseKt "$invited" >out 2>err || fail "an error does not cross whole"
expect_nothing_on out  # where -Xcheck:jni complains
expect_nothing_on err
stop_serve
is_refused "Connection refused" "${client[@]}"
