#!/usr/bin/env bash
# Measures what src/docs/capacity.md rests on, writes it there, and holds the model's predictions against other measurements.
# Needs bash, git, a JDK 17 or newer, redis-server, target/ghl-gateway.jar and Linux (/proc); see loadtest/README.md.
set -euo pipefail

usage() {
  cat <<'USAGE'
usage: loadtest/capacity.sh [options]
  --check             write nothing; hold the page's own figures, but for the CPU's, against this build
  --heap SIZE         of a replica whose requests are measured                    (default 512m)
  --heap-many SIZE    of one whose tenants are                                    (default 1g)
  --jar FILE          the gateway                                                 (default target/ghl-gateway.jar)
  --page FILE         the model's page                                            (default src/docs/capacity.md)
Ends with 0 when no prediction is off by more than 25 %, with 1 when one is, 2 on wrong arguments.
USAGE
}

# shellcheck source=loadtest/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

page=src/docs/capacity.md check=0 heap=512m heap_many=1g
options "check:flag heap:text heap-many:text jar:text page:text" "$@"
[[ -f $page ]] || wrong "there is no $page"
prepare

compile_peers
mode=measure
((check == 0)) || mode=check
# All of the heap is there from the start, so that what is resident beside it can be told; and a collection leaves nothing dead
# in it, as the serial one else does for up to a twentieth, so that what is alive can be.
"$java" -Xmx512m -Duser.language=en -Duser.country=US -cp "$work/classes" Capacity "$page" "$commit" "$mode" --work "$work" \
  --gateway-options "-XX:+UseSerialGC -XX:+UseTransparentHugePages -Xms$heap -XX:+AlwaysPreTouch -XX:MarkSweepDeadRatio=0" \
  --jar "$jar" --heap "$heap" --heap-many "$heap_many"
