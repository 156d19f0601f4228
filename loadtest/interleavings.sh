#!/usr/bin/env bash
# Two callers and fifty tenants at once, with requests given up and sent again: whether anything is mixed up.
set -euo pipefail

usage() {
  cat <<'END'
usage: loadtest/interleavings.sh [--exchanges 100000] [--seed 1]

Builds the tests' classes and runs one of them. Prints a line of JSON, and exits with 1 where a request was sent with
another tenant's token, named another's location to HighLevel, or got another's answer.
END
}

exchanges=100000
seed=1
while (($#)); do
  case $1 in
    --help | -h) usage && exit 0 ;;
    --exchanges) exchanges=${2:-} && shift 2 ;;
    --seed) seed=${2:-} && shift 2 ;;
    *) usage >&2 && exit 2 ;;
  esac
done
[[ $exchanges =~ ^[1-9][0-9]{0,8}$ && $seed =~ ^[0-9]{1,18}$ ]] || { usage >&2 && exit 2; }
cd "$(dirname "${BASH_SOURCE[0]}")/.."
paths=$(mktemp "${TMPDIR:-/tmp}/ghl-interleavings.XXXXXX")
trap 'rm -f "$paths"' EXIT
./mvnw -q test-compile dependency:build-classpath -Dmdep.outputFile="$paths" >&2
"${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp "target/test-classes:target/classes:$(<"$paths")" \
  io.ghlgateway.Interleavings "$exchanges" "$seed"
