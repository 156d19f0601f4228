#!/usr/bin/env bash
# How long a start takes, with and without the image's start-up cache (src/docker/Dockerfile). Needs bash, a JDK 17 or newer,
# target/ghl-gateway.jar and Linux (/proc); see loadtest/README.md.
set -euo pipefail

usage() {
  cat <<'USAGE'
usage: loadtest/startup.sh [options]
  --runs N            starts of each kind, in turn                                (default 7)
  --redis URI         of a Redis to start with                                    (default: embedded)
  --jar FILE          the gateway                                                 (default target/ghl-gateway.jar)
Prints the medians of the milliseconds from the command to its line "ready:", and of the CPU's.
USAGE
}

# shellcheck source=loadtest/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

runs=7 redis=""
options "runs:number redis:text jar:text" "$@"
((runs >= 1 && runs <= 100)) || wrong "--runs is 1 to 100"
prepare
jar=$(realpath "$jar")

# As the Dockerfile makes it.
archive=$work/ghl-gateway.jsa
"$java" "-XX:ArchiveClassesAtExit=$archive" -jar "$jar" demo --for 5s >"$work/demo.log" 2>&1 || failed "the demo failed: $work/demo.log"

export GHL_TOKEN=pit-startup GHL_LOCATION=startup GHL_GATEWAY_KEY=startup-key GHL_PROXY_HOST=127.0.0.1 GHL_PROXY_PORT=0 GHL_ADMIN_PORT=0
[[ -z $redis ]] || export GHL_REDIS_URI=$redis

once() { # once KIND FLAGS...: a line "wall cpu" in the file of this kind
  local kind=$1 began process wall
  shift
  mkdir -p "$work/$kind-home"
  began=$(now)
  (cd "$work/$kind-home" && exec "$java" -Xmx512m "$@" -jar "$jar" serve) >"$work/$kind.log" 2>&1 </dev/null &
  process=$!
  pids+=("$process")
  until grep -q '^ready:' "$work/$kind.log"; do
    kill -0 "$process" 2>/dev/null || failed "did not start: $(tail -n 1 "$work/$kind.log")"
    sleep 0.005
  done
  wall=$(($(now) - began))
  echo "$wall $(($(cpu "$process") / 1000))" >>"$work/$kind"
  kill "$process"
  wait "$process" || true
}

median() { # median FILE COLUMN
  awk -v c="$2" '{ print $c }' "$1" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

for ((run = 0; run < runs; run++)); do
  once without -Xshare:auto
  once with "-XX:SharedArchiveFile=$archive"
done
printf '%8s %5s %9s %7s\n' cache runs ready_ms cpu_ms
for kind in without with; do printf '%8s %5d %9d %7d\n' "$kind" "$runs" "$(median "$work/$kind" 1)" "$(median "$work/$kind" 2)"; done
