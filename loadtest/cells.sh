#!/usr/bin/env bash
# Eight cells of proof.sh's table in real time: real processes, sockets and clocks. Needs what quota.sh needs, and redis-server;
# see loadtest/README.md.
set -euo pipefail

usage() {
  cat <<'USAGE'
usage: loadtest/cells.sh [options]
  --for DURATION      length of each cell; the first minute is dropped           (default 3m)
  --at-once N         how many cells run side by side                            (default 2)
  --cells "N M"       only these, of 0 to 7                                      (default all)
  --jar FILE          the gateway                                                (default target/ghl-gateway.jar)
Ends with 0 when all cells met their bars, 1 when not, 2 on wrong arguments. Set REDIS_SERVER to a redis-server that is not on the
PATH.
USAGE
}

# shellcheck source=loadtest/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

for=180 at_once=2 cells="0 1 2 3 4 5 6 7"
options "for:time at-once:number cells:text jar:text" "$@"
[[ $cells =~ ^[0-7](\ [0-7])*$ ]] || wrong "--cells is '$cells': numbers from 0 to 7, with a blank between"
((at_once >= 1)) || wrong "--at-once must be at least 1"
command -v "$redis" >/dev/null || failed "no redis-server: set REDIS_SERVER"
prepare

# 14 a second saturate a quota of 10 a second; the tail is 400 to 600 ms.
cell=(
  "--windows anchored --replicas 3 --rate 14 --latency 20ms..60ms --at-least 96"
  "--windows clock --replicas 3 --rate 14 --latency 20ms..220ms --at-least 96"
  "--windows sliding --replicas 3 --rate 14 --latency 20ms..220ms --at-least 96"
  "--windows bucket --replicas 1 --rate 14 --latency 20ms..220ms --at-least 96"
  "--windows sliding --replicas 3 --rate 14 --latency 20ms..30ms --tail 1%x20 --at-least 96 --refused 0.1"
  "--windows counter --replicas 3 --rate 14 --latency 20ms..60ms --at-least 0 --refused 0.5"
  "--windows sliding --also 20/1s --replicas 3 --rate 14 --latency 20ms..60ms --at-least 0 --refused 0.5"
  "--windows sliding --replicas 3 --rate 9 --latency 20ms..220ms --at-least 0"
)
run_cell() { # run_cell NUMBER
  # shellcheck disable=SC2086 # options, not one word
  loadtest/quota.sh --for "${for}s" --drop 60 --jar "$jar" ${cell[$1]} >"$work/cell-$1" 2>"$work/cell-$1.log"
  echo $? >"$work/cell-$1.code"
}

running=()
for number in $cells; do
  run_cell "$number" &
  running+=("$!")
  if ((${#running[@]} == at_once)); then
    wait "${running[@]}" || true
    running=()
  fi
done
wait ${running[@]+"${running[@]}"} || true

verdict=0
printf '%-7s %s\n' bars "$(head -n 1 "$work/cell-${cells%% *}")  cell"
for number in $cells; do
  met=missed
  [[ $(cat "$work/cell-$number.code" 2>/dev/null) == 0 ]] && met=met || verdict=1
  printf '%-7s %s  %s\n' "$met" "$(sed -n 2p "$work/cell-$number")" "${cell[$number]}"
done
exit "$verdict"
