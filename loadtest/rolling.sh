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

# shellcheck source=loadtest/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

rate=8 rounds=1
options "rate:number rounds:number jar:text" "$@"
((rate >= 1 && rounds >= 1 && rounds <= 5)) || wrong "--rate is at least 1, and --rounds 1 to 5"
prepare

start_redis --appendonly no
start_simulator simulator --window sliding --max "$max" --interval 10s --latency 40ms..400ms \
  --token "$token=$location"

serve_replica() { # serve_replica REPLICA: on the ports it had
  local ports=(0 0)
  [[ ! -f "$work/replica-$1.ports" ]] || read -ra ports <"$work/replica-$1.ports"
  cat >"$work/gateway-$1.yaml" <<YAML
proxy: {host: 127.0.0.1, port: ${ports[0]}}
admin: {host: 127.0.0.1, port: ${ports[1]}}
upstream: {base-url: "$simulator_url"}
limits: {burst: {requests: $max, per: 10s}}
drain: {lame-duck: 3s, timeout: 20s}
redis: {uri: "redis://127.0.0.1:$redis_port", prefix: rolling}
tenants:
  - {id: rolling, location: $location, token: $token}
callers:
  - {name: rolling, key: $key, tenants: [rolling], default-tenant: rolling}
YAML
  lives=$((lives + 1))
  start "gateway-$1-$lives" serve --config "$work/gateway-$1.yaml"
  gateways[$1]=$started
}

is_ready() { # is_ready REPLICA LIFE: waits for its ready line, and remembers its ports
  doors "${gateways[$1]}" "gateway-$1-$2"
  echo "${proxy##*:} ${admin##*:}" >"$work/replica-$1.ports"
}

lives=0 replicas=""
declare -a gateways
for replica in 1 2 3; do serve_replica "$replica"; done
for replica in 1 2 3; do
  is_ready "$replica" "$replica"
  replicas+="${replicas:+,}$proxy=$admin"
done
# It goes on until it is told that there is nothing more to see.
start_callers callers "$replicas" --key "$key" --rate "$rate" --for "$((rounds * 60 + 15))" --until "$work/enough" --wait "$patience"
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
    serve_replica "$replica"
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
json=$(stats "$simulator_url")
refused=$(number refused "$json") broken=$(number broken "$answers") late=$(number late "$answers")
asked=$(number asked "$answers") ok=$(number ok "$answers")
table restarts "$((rounds * 3))" asked "$asked" ok "$ok" broken "$broken" late "$late" longest_ms "$(number longest_ms "$answers")" \
  accepted "$(number accepted "$json")" refused "$refused" max_in_any_interval "$(number max_in_any_interval "$json")" \
  slowest_restart_ms "$slowest"
((ok == asked && refused == 0 && verdict == 0)) || {
  cat "$work/callers.json" >&2
  exit 1
}
