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

# shellcheck source=loadtest/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

minutes=10
options "minutes:number words" "$@"
((minutes >= 1 && minutes <= 9999)) || wrong "--minutes is 1 to 9999"
build_tests
run_test_class io.ghlgateway.limits.BudgetProof "$minutes" ${words[@]+"${words[@]}"} 2>/dev/null
