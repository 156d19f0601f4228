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

# shellcheck source=loadtest/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

exchanges=100000 seed=1
options "exchanges:number seed:number" "$@"
((exchanges >= 1 && exchanges < 1000000000)) || wrong "--exchanges is 1 to 999999999"
build_tests
run_test_class io.ghlgateway.Interleavings "$exchanges" "$seed"
