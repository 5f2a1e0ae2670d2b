#!/bin/sh
# Runs the benchmarks: finds a JDK, builds what they need, and hands the rest to JMH.
#
#   benchmarks/run.sh                         all of them, three forks each: about half an hour
#   benchmarks/run.sh Chunk                   those whose names contain "Chunk"
#   benchmarks/run.sh Chunk -f 1 -wi 3 -i 3   quicker and rougher
#   benchmarks/run.sh Selection -p ask=REGEX  one parameter only
#   benchmarks/run.sh -h                      every option of JMH
#
# BAROGRAPH_JAVA_HOME names a JDK; without it JAVA_HOME, the path and the usual folders are looked at.
set -eu

need=25
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)

feature() { # the feature version of the JDK in $1, or 0
  [ -x "$1/bin/javac" ] || { echo 0; return; }
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null)
  echo "${version:-0}"
}

jdk=
try() {
  [ -z "$jdk" ] && [ -n "$1" ] && [ "$(feature "$1")" -ge "$need" ] && jdk=$1
  return 0
}

try "${BAROGRAPH_JAVA_HOME:-}"
try "${JAVA_HOME:-}"
onpath=$(command -v java 2>/dev/null || true)
[ -z "$onpath" ] || try "$(dirname -- "$(dirname -- "$(readlink -f -- "$onpath")")")"
for folder in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* "${HOME:-/nonexistent}"/.sdkman/candidates/java/* \
  "${HOME:-/nonexistent}"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
  try "$folder"
done
[ -n "$jdk" ] || {
  echo "run.sh: no JDK $need or newer found; install one (Debian: temurin-25-jdk or openjdk-25-jdk) or name it by BAROGRAPH_JAVA_HOME." >&2
  exit 69
}

classpath=$here/target/classpath
stale=yes
if [ -f "$classpath" ]; then
  stale=$(cd "$here/.." && find pom.xml benchmarks/pom.xml storage/pom.xml query/pom.xml ingest/pom.xml \
    benchmarks/src/main storage/src/main query/src/main ingest/src/main -newer "$classpath" -type f -print | head -n 1)
fi
if [ -n "$stale" ]; then
  command -v mvn >/dev/null 2>&1 || {
    echo "run.sh: the benchmarks are not built and there is no Maven; install Maven 3.8 or newer (Debian: maven)." >&2
    exit 69
  }
  echo "run.sh: building …" >&2
  log=$(mktemp)
  if ! (cd "$here/.." && rm -f "$classpath" &&
    JAVA_HOME=$jdk mvn -B -q -DskipTests -Dspotless.check.skip=true -pl benchmarks -am package) >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    echo "run.sh: the build failed." >&2
    exit 70
  fi
  rm -f "$log"
fi

exec "$jdk/bin/java" -XX:+UseCompactObjectHeaders --enable-native-access=ALL-UNNAMED -Xms1g -Xmx1g \
  -cp "$here/target/classes:$(cat "$classpath")" org.openjdk.jmh.Main -prof gc "$@"
