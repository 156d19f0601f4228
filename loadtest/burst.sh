#!/usr/bin/env bash
# Fresh demos, one after another: 150 calls at once to each as soon as it is up, and what its HighLevel refused.
# Needs bash, curl, seq, xargs and a JDK; `./mvnw package -DskipTests` before.
set -euo pipefail

usage() {
  echo "usage: loadtest/burst.sh [STARTS]     (default 10)"
}

# shellcheck source=loadtest/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

options words "$@"
starts=${words[0]:-10}
whole STARTS "$starts"
prepare

total=0
for ((i = 1; i <= starts; i++)); do
  GHL_GATEWAY_KEY=burst "$java" -jar "$jar" demo --port 0 --admin-port 0 --public-port 0 >"$work/demo.log" 2>&1 &
  demo=$!
  pids=("$demo")
  for ((t = 0; t < 200; t++)); do
    grep -q 'your call' "$work/demo.log" && break
    kill -0 "$demo" 2>/dev/null || failed "$(<"$work/demo.log")"
    sleep 0.2
  done
  gateway=$(sed -n 's/^a gateway at \(http[^ ]*\) .*/\1/p' "$work/demo.log")
  simulator=$(sed -n 's/.* simulated HighLevel at \(http[^;]*\);.*/\1/p' "$work/demo.log")
  curl -sS -o /dev/null -H 'Authorization: Bearer burst' "$gateway/contacts/abc"
  ok=$(seq 150 | xargs -P150 -I{} curl -sS -o /dev/null -w '%{http_code}\n' -H 'Authorization: Bearer burst' \
    "$gateway/contacts/{}" | grep -c '^200$' || true)
  refused=$(number refused "$(stats "$simulator")")
  printf 'start %2d: %3d of 150 ok, %d refused upstream\n' "$i" "$ok" "$refused"
  total=$((total + refused + 150 - ok))
  kill "$demo" 2>/dev/null || true
  wait "$demo" 2>/dev/null || true
done
[[ $total -eq 0 ]]
