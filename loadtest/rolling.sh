#!/usr/bin/env bash
# Whether anybody notices that three replicas on one Redis are restarted one after the other, under load that the quota
# allows. Needs bash, curl, a JDK 17 or newer, redis-server and target/ghl-gateway.jar; see loadtest/README.md.
set -euo pipefail

usage() {
  cat <<'USAGE'
usage: loadtest/rolling.sh [options]
  --rate N            requests a second offered, of which the quota allows 9.6    (default 8)
  --rounds N          how often each replica is restarted                         (default 1)
  --jar FILE          the gateway                                                 (default target/ghl-gateway.jar)
Ends with 0 when every request was answered with 200, nothing was refused upstream and every replica ended with 0; with 1 when
not, 2 on wrong arguments.
USAGE
}

readonly location=rollingLocation000001 token=pit-rolling key=rolling-caller-key
readonly patience=25 max=100

rate=8 rounds=1
cd "$(dirname "${BASH_SOURCE[0]}")/.."
jar=target/ghl-gateway.jar
# shellcheck source=loadtest/lib.sh
source loadtest/lib.sh

while (($#)); do
  case $1 in
    --help | -h) usage && exit 0 ;;
    --rate | --rounds | --jar)
      (($# > 1)) || wrong "$1 needs a value"
      case $1 in
        --rate) rate=$2 ;;
        --rounds) rounds=$2 ;;
        --jar) jar=$2 ;;
      esac
      shift 2
      ;;
    *) wrong "unknown option '$1'" ;;
  esac
done
whole --rate "$rate"
whole --rounds "$rounds"
((rate >= 1 && rounds >= 1 && rounds <= 5)) || wrong "--rate is at least 1, and --rounds 1 to 5"
prepare
# shellcheck source=loadtest/redis.sh
source loadtest/redis.sh

port=$(free_port)
redis_on "$port" --appendonly no || failed "redis-server does not start: $(tail -n 1 "$work/redis-$port.log")"
start "$work/simulator.log" simulator --port 0 --window sliding --max "$max" --interval 10s --latency 40ms..400ms \
  --token "$token=$location"
simulator_url=$(ready "$started" "$work/simulator.log" simulator)

serve() { # serve REPLICA: on the ports it had
  local ports=(0 0)
  [[ ! -f "$work/ports-$1" ]] || read -ra ports <"$work/ports-$1"
  cat >"$work/gateway-$1.yaml" <<YAML
proxy: {host: 127.0.0.1, port: ${ports[0]}}
admin: {host: 127.0.0.1, port: ${ports[1]}}
upstream: {base-url: "$simulator_url"}
limits: {burst: {requests: $max, per: 10s}}
drain: {lame-duck: 3s, timeout: 20s}
redis: {uri: "redis://127.0.0.1:$port", prefix: rolling}
tenants:
  - {id: rolling, location: $location, token: $token}
callers:
  - {name: rolling, key: $key, tenants: [rolling], default-tenant: rolling}
YAML
  lives=$((lives + 1))
  start "$work/gateway-$1-$lives.log" serve --config "$work/gateway-$1.yaml"
  gateways[$1]=$started
}

is_ready() { # is_ready REPLICA: waits for its ready line, and remembers its ports
  local log="$work/gateway-$1-$2.log"
  proxy=$(ready "${gateways[$1]}" "$log" proxy)
  admin=$(ready "${gateways[$1]}" "$log" admin)
  echo "${proxy##*:} ${admin##*:}" >"$work/ports-$1"
}

lives=0 replicas=""
declare -a gateways
for replica in 1 2 3; do serve "$replica"; done
for replica in 1 2 3; do
  is_ready "$replica" "$replica"
  replicas+="${replicas:+,}$proxy=$admin"
done
# It goes on until it is told that there is nothing more to see.
"$java" -Xmx192m -XX:TieredStopAtLevel=1 loadtest/Callers.java --replicas "$replicas" --key "$key" --rate "$rate" \
  --for "$((rounds * 60 + 15))" --until "$work/enough" --wait "$patience" >"$work/callers.json" 2>"$work/callers.log" &
callers=$!
pids+=("$callers")
until grep -q calling "$work/callers.log"; do sleep 0.1; done
sleep 10

slowest=0 verdict=0
for ((round = 1; round <= rounds; round++)); do
  for replica in 1 2 3; do
    began=$(now)
    kill -TERM "${gateways[replica]}"
    code=0
    wait "${gateways[replica]}" || code=$?
    ((code == 0)) || {
      echo "replica $replica ended with $code" >&2
      verdict=1
    }
    serve "$replica"
    is_ready "$replica" "$lives"
    took=$(($(now) - began))
    ((took <= slowest)) || slowest=$took
    sleep 2 # as an orchestrator that waits for it to stay ready
  done
done
sleep 5
touch "$work/enough"
wait "$callers"
answers=$(<"$work/callers.json")
json=$(curl -sS --fail --max-time 5 "$simulator_url/_simulator/stats")
refused=$(number refused "$json") broken=$(number broken "$answers") late=$(number late "$answers")
asked=$(number asked "$answers") ok=$(number ok "$answers")
printf '%8s %8s %8s %8s %6s %11s %9s %8s %20s %18s\n' \
  restarts asked ok broken late longest_ms accepted refused max_in_any_interval slowest_restart_ms
printf '%8d %8d %8d %8d %6d %11d %9d %8d %20d %18d\n' "$((rounds * 3))" "$asked" "$ok" "$broken" "$late" \
  "$(number longest_ms "$answers")" "$(number accepted "$json")" "$refused" "$(number max_in_any_interval "$json")" "$slowest"
((ok == asked && refused == 0 && verdict == 0)) || {
  cat "$work/callers.json" >&2
  exit 1
}
