#!/usr/bin/env bash
# The gateway beside its peers, in one run and by one driver, held against the bars. Needs bash, a JDK 17 or newer,
# target/ghl-gateway.jar and Linux (/proc); see loadtest/README.md.
set -euo pipefail

usage() {
  cat <<'USAGE'
usage: loadtest/peers.sh [options]
  --short             one round of 2 s each, for a look
  --full              five rounds of 6 s each
  --peers "A B"       of direct, nginx, nginx-lua, vertx, scg, embedded, redis, replicas     (default all)
  --parts "A B"       of peers, tenants, heap, rss, start                         (default all)
  --rounds N, --seconds N                     of each lap                         (default 3, 5)
  --warm-up N         requests of each kind before that, and until JVMs are warm    (default 300000)
  --rate N            requests a second for latencies                             (default half of what ours with a Redis can do)
  --locations N       each with HighLevel's quota of 100 in 10 s, asked in turn   (default 5000)
  --connections N     of the driver                                               (default 64)
  --body BYTES        of a POST                                                   (default 2048)
  --heap SIZE         of each JVM                                                 (default 512m)
  --gateway-options "…"   flags of the gateway's JVM alone                          (default as the chart's: -XX:+UseSerialGC
                      -XX:+UseTransparentHugePages, and -Xms154m, as a container of 1 GiB begins)
  --many N            tenants, where many are measured, with a heap of --heap-many SIZE      (default 100000, 1g)
  --starts N          starts, whose median counts                                 (default 5)
  --jar FILE          the gateway                                                 (default target/ghl-gateway.jar)
  --results FOLDER    where DATE-peers.md and raw/DATE-peers.html go              (default loadtest/results)
A peer that is not on this machine is named and its bars read "not measured". Ends with 0 when no bar was missed, with 1 when
one was, 2 on wrong arguments.
USAGE
}

# shellcheck source=loadtest/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

peers=scg parts=peers # by default all, and of these matters here that they are among them
options "short:flag full:flag peers:text parts:text rounds:number seconds:number warm-up:number rate:number locations:number
  connections:number body:number heap:text gateway-options:text many:number heap-many:text starts:number jar:text results:text" "$@"
prepare

# Spring Cloud Gateway comes from Maven Central, into a class path of its own.
scg=
if [[ $peers == *scg* && $parts == *peers* ]]; then
  cp -r loadtest/peers/scg "$work/scg"
  if ./mvnw -q -B -f "$work/scg/pom.xml" package >"$work/scg.log" 2>&1; then
    scg=$work/scg/target
  else
    echo "Spring Cloud Gateway could not be built:" >&2
    tail -n 3 "$work/scg.log" >&2
  fi
fi

compile_peers
"$java" -Xmx512m -cp "$work/classes" Peers --work "$work" --scg "$scg" --commit "$commit" ${given[@]+"${given[@]}"}
