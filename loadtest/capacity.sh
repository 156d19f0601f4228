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

cd "$(dirname "${BASH_SOURCE[0]}")/.."
jar=target/ghl-gateway.jar page=src/docs/capacity.md mode=measure heap=512m
# shellcheck source=loadtest/lib.sh
source loadtest/lib.sh

given=()
while (($#)); do
  case $1 in
    --help | -h) usage && exit 0 ;;
    --check) mode=check && shift ;;
    --heap | --heap-many | --jar | --page)
      (($# > 1)) || wrong "$1 needs a value"
      case $1 in
        --heap) heap=$2 ;;
        --jar) jar=$2 ;;
        --page) page=$2 ;;
      esac
      [[ $1 == --page ]] || given+=("$1" "$2")
      shift 2
      ;;
    *) wrong "unknown option '$1'" ;;
  esac
done
[[ -f $page ]] || wrong "there is no $page"
prepare

"${java}c" -nowarn -proc:none -cp "$jar" -d "$work/classes" loadtest/peers/*.java 2>"$work/javac.log" || failed "$(<"$work/javac.log")"
commit=$(git describe --always --dirty --exclude '*' 2>/dev/null || echo unknown)
# All of the heap is there from the start, so that what is resident beside it can be told; and a collection leaves nothing dead
# in it, as the serial one else does for up to a twentieth, so that what is alive can be.
"$java" -Xmx512m -Duser.language=en -Duser.country=US -cp "$work/classes" Capacity "$page" "$commit" "$mode" --work "$work" \
  --gateway-options "-XX:+UseSerialGC -XX:+UseTransparentHugePages -Xms$heap -XX:+AlwaysPreTouch -XX:MarkSweepDeadRatio=0" ${given[@]+"${given[@]}"}
