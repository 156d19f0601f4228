#!/usr/bin/env bash
# Three replicas under mixed traffic, with a fault drawn at random every twenty seconds.
set -euo pipefail

usage() {
  cat <<'END'
usage: loadtest/soak.sh [--minutes 30] [--seed N]

Builds the tests' classes and runs one of them. Prints a line of JSON, and exits with 1 where HighLevel refused anything or
counted more than the quota, a request had no answer, a token was lost, or memory, descriptors or buffers did not come back.
The same seed draws the same faults.
END
}

minutes=30
seed=
while (($#)); do
  case $1 in
    --help | -h) usage && exit 0 ;;
    --minutes) minutes=${2:-} && shift 2 ;;
    --seed) seed=${2:-} && shift 2 ;;
    *) usage >&2 && exit 2 ;;
  esac
done
[[ $minutes =~ ^[1-9][0-9]{0,3}$ && $seed =~ ^[0-9]{0,18}$ ]] || { usage >&2 && exit 2; }
cd "$(dirname "${BASH_SOURCE[0]}")/.."
paths=$(mktemp "${TMPDIR:-/tmp}/ghl-soak.XXXXXX")
trap 'rm -f "$paths"' EXIT
./mvnw -q test-compile dependency:build-classpath -Dmdep.outputFile="$paths" >&2
"${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx512m -Djdk.httpclient.keepalive.timeout=2 \
  -cp "target/test-classes:target/classes:$(<"$paths")" io.ghlgateway.faults.Soak "$minutes" ${seed:+"$seed"}
