#!/usr/bin/env bash
# Holds the gateway's budgets against every kind of upstream, demand, jitter and number of replicas, on a clock of its own:
# ten minutes of each in a second or two. Beside them, on the same arrivals, the token bucket of most gateways and an exact
# log. Needs bash and a JDK 17 or newer; see loadtest/README.md.
set -euo pipefail

usage() {
  cat <<'USAGE'
usage: loadtest/proof.sh [--minutes N] [WORD...]
  --minutes N   how long each cell lasts, on its own clock                (default 10)
  WORD          only the cells whose row has all of these, e.g. "| sliding |" "Poisson"
Prints a table. Ends with 0 when every cell met its bars, 1 when not, 2 on wrong arguments.
USAGE
}

wrong() {
  echo "proof.sh: $1" >&2
  usage >&2
  exit 2
}

minutes=10
while (($#)); do
  case $1 in
    --help | -h) usage && exit 0 ;;
    --minutes)
      [[ ${2:-} =~ ^[1-9][0-9]{0,3}$ ]] || wrong "--minutes needs a whole number"
      minutes=$2
      shift 2
      ;;
    --*) wrong "unknown option '$1'" ;;
    *) break ;;
  esac
done
cd "$(dirname "${BASH_SOURCE[0]}")/.."
paths=$(mktemp "${TMPDIR:-/tmp}/ghl-proof.XXXXXX")
trap 'rm -f "$paths"' EXIT
./mvnw -q test-compile dependency:build-classpath -Dmdep.outputFile="$paths" >&2
"${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp "target/test-classes:target/classes:$(<"$paths")" \
  io.ghlgateway.limits.BudgetProof "$minutes" "$@" 2>/dev/null
