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

# shellcheck source=loadtest/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

minutes=30 seed=
options "minutes:number seed:number" "$@"
((minutes >= 1 && minutes <= 9999)) || wrong "--minutes is 1 to 9999"
build_tests
run_test_class -Xmx512m -Djdk.httpclient.keepalive.timeout=2 io.ghlgateway.faults.Soak "$minutes" ${seed:+"$seed"}
