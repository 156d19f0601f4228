#!/usr/bin/env bash
# What one replica makes of 10,000 requests that wait on 1,000 quotas. Needs bash, curl, a JDK 17 or newer,
# redis-server, target/ghl-gateway.jar and Linux (/proc); see loadtest/README.md.
set -euo pipefail

usage() {
  cat <<'USAGE'
usage: loadtest/crowd.sh [options]
  --locations N       quotas, of 5 requests per 10 s each                         (default 1000)
  --each N            requests for each                                           (default 20)
  --over N            the seconds in which they are all made, evenly              (default 20)
  --heap SIZE         of the gateway                                              (default 512m)
  --jar FILE          the gateway                                                 (default target/ghl-gateway.jar)
  --warm-ups N        as many times the same crowd comes before, unmeasured       (default 1)
Ends with 0 when all were answered with 200, no event loop was held up by its own work for more than 50 ms and nothing was
refused upstream; with 1 when not, 2 on wrong arguments. late_50ms counts also where the machine gave a loop no time, or garbage
was collected.
USAGE
}

readonly key=crowd-caller-key patience=100 max=5

# shellcheck source=loadtest/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

locations=1000 each=20 over=20 heap=512m warm_ups=1
options "locations:number each:number over:number heap:text warm-ups:number jar:text" "$@"
((locations >= 1 && locations <= 2000 && each >= 1 && each <= 30)) || wrong "--locations is 1 to 2000, and --each 1 to 30"
(($(ulimit -n) > locations * each + 1000)) || failed "$((locations * each)) connections need more open files: ulimit -n"
prepare

start_redis --appendonly no
tokens=()
for ((i = 1; i <= locations; i++)); do tokens+=(--token "pit-crowd-$i=crowd-$i"); done
start_simulator simulator --window sliding --max "$max" --interval 10s --latency 40ms..120ms "${tokens[@]}"
{
  cat <<YAML
proxy: {host: 127.0.0.1, port: 0, max-connections: $((locations * each + 100))}
admin: {host: 127.0.0.1, port: 0}
upstream: {base-url: "$simulator_url"}
limits: {burst: {requests: $max, per: 10s}}
redis: {uri: "redis://127.0.0.1:$redis_port", prefix: crowd}
callers:
  - {name: crowd, key: $key, tenants: ["*"]}
tenants:
YAML
  for ((i = 1; i <= locations; i++)); do echo "  - {id: crowd-$i, location: crowd-$i, token: pit-crowd-$i}"; done
} >"$work/gateway.yaml"
flags=${GATEWAY_OPTS--XX:+UseSerialGC}
serve gateway
heap=1g
crowd() { # crowd NAME SECONDS: comes within them
  start_callers "$1" "$proxy=$admin" --key "$key" --locations "$locations" --each "$each" --over "$2" --wait "$patience"
}
# A gateway that just started is busy with itself, its compilers above all: the same crowd comes --warm-ups times before. After
# each all have their whole quota again.
for ((i = 0; i < warm_ups; i++)); do
  crowd warm-up "$((over * 2))"
  wait "$callers"
  sleep 11
done
later() { # later METRIC: how many looks of it were above 50 ms, of one moment
  curl -sS --max-time 10 "$admin/metrics" | awk -v name="ghl_gateway_event_loop_$1_seconds" \
    '$1 == name "_count" { n += $2 } $1 == name "_bucket{le=\"0.05\"}" { n -= $2 } END { printf "%d", n }'
}
looks=$(metric ghl_gateway_event_loop_late_seconds_count) late=$(later late) busy=$(later busy)

crowd callers "$over"
waiting=0
while kill -0 "$callers" 2>/dev/null; do
  depth=$(metric ghl_gateway_queue_depth)
  ((depth <= waiting)) || waiting=$depth
  sleep 1
done
wait "$callers"
looks=$(($(metric ghl_gateway_event_loop_late_seconds_count) - looks))
late=$(($(later late) - late)) busy=$(($(later busy) - busy))
# Of the last minutes: its own record of them may hold some of the start.
milliseconds() { # milliseconds METRIC
  curl -sS --max-time 10 "$admin/metrics" | awk -v name="ghl_gateway_event_loop_$1_seconds_max" '$1 == name { printf "%d", $2 * 1000 }'
}
latest=$(milliseconds late) busiest=$(milliseconds busy)
answers=$(<"$work/callers.json")
json=$(stats "$simulator_url")
asked=$(number asked "$answers") ok=$(number ok "$answers") refused=$(number refused "$json")
table quotas "$locations" waiting "$waiting" asked "$asked" ok "$ok" broken "$(number broken "$answers")" \
  longest_ms "$(number longest_ms "$answers")" refused "$refused" loop_looks "$looks" late_50ms "$late" busy_50ms "$busy" \
  late_max "$latest" busy_max "$busiest" peak_MiB "$(peak "$gateway")"
((ok == asked && refused == 0 && busy == 0))
