#!/usr/bin/env bash
# What a location and a request cost: memory and CPU of Redis, CPU and memory of one replica. Needs bash, curl, a JDK 17 or newer,
# redis-server, target/ghl-gateway.jar and Linux (/proc); see loadtest/README.md.
set -euo pipefail

usage() {
  cat <<'USAGE'
usage: loadtest/sizing.sh [options]
  --locations N       each with a quota of its own                                (default 300)
  --quota N           of each, requests in 10 s                                   (default 100)
  --rate N            requests a second, at random for one of the locations       (default 100)
  --for TIME          how long they are made                                      (default 60s)
  --heap SIZE         of the gateway                                              (default 512m)
  --jar FILE          the gateway                                                 (default target/ghl-gateway.jar)
Ends with 0 when all were answered with 200 and nothing was refused upstream; with 1 when not, 2 on wrong arguments.
USAGE
}

readonly key=sizing-caller-key

# shellcheck source=loadtest/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

locations=300 quota=100 rate=100 for=60 heap=512m
options "locations:number quota:number rate:number for:time heap:text jar:text" "$@"
((locations >= 1 && locations <= 5000)) || wrong "--locations is 1 to 5000"
prepare

redis_info() { # redis_info FIELD: of INFO, as it stands
  local line
  exec 9<>"/dev/tcp/127.0.0.1/$redis_port"
  printf 'INFO all\r\nQUIT\r\n' >&9
  while IFS= read -r -u 9 line; do
    line=${line%$'\r'}
    [[ $line == "$1:"* ]] && echo "${line#*:}"
  done
  exec 9>&-
}

redis_cpu() { # microseconds
  awk -v user="$(redis_info used_cpu_user)" -v kernel="$(redis_info used_cpu_sys)" \
    'BEGIN { printf "%d", (user + kernel) * 1000000 }'
}

redis_keys() { # of INFO's db0:keys=…
  local db
  db=$(redis_info db0)
  [[ $db =~ keys=([0-9]+) ]] && echo "${BASH_REMATCH[1]}" || echo 0
}

redis_operations() {
  metric ghl_gateway_redis_seconds_count
}

targets=()
for ((i = 1; i <= locations; i++)); do targets+=(--target "GET /contacts/c1?locationId=sizing-$i"); done

ask() { # as long and as often as is told
  "$java" -Xmx256m -XX:TieredStopAtLevel=1 -jar "$jar" traffic --url "$proxy" --key "$key" --rate "$rate" --for "${for}s" --wait 25s \
    "${targets[@]}" 2>>"$work/traffic.log" | tail -n 1
}

start_redis --appendonly no
tokens=()
for ((i = 1; i <= locations; i++)); do tokens+=(--token "pit-sizing-$i=sizing-$i"); done
start_simulator simulator --window sliding --max "$quota" --interval 10s "${tokens[@]}"
{
  cat <<YAML
proxy: {host: 127.0.0.1, port: 0}
admin: {host: 127.0.0.1, port: 0}
upstream: {base-url: "$simulator_url"}
limits: {burst: {requests: $quota, per: 10s}, daily: 10000000}
redis: {uri: "redis://127.0.0.1:$redis_port"}
callers:
  - {name: sizing, key: $key, tenants: ["*"]}
tenants:
YAML
  for ((i = 1; i <= locations; i++)); do echo "  - {id: sizing-$i, location: sizing-$i, token: pit-sizing-$i}"; done
} >"$work/gateway.yaml"
flags=${GATEWAY_OPTS--XX:+UseSerialGC}
serve gateway

empty=$(redis_info used_memory) keys=$(redis_keys)
ask >"$work/warm-up.json" # so that all is there that a location ever has, and the gateway's code is compiled
full=$(redis_info used_memory) keys=$(($(redis_keys) - keys))

operations=$(redis_operations) redis_us=$(redis_cpu) gateway_us=$(cpu "$gateway")
answers=$(ask)
operations=$(($(redis_operations) - operations)) redis_us=$(($(redis_cpu) - redis_us)) gateway_us=$(($(cpu "$gateway") - gateway_us))

idle=$(redis_operations)
sleep 10
idle=$(($(redis_operations) - idle))

json=$(stats "$simulator_url")
asked=$(number sent "$answers") ok=$(number ok "$answers") refused=$(number refused "$json")
printf '%9s %7s %7s %8s %14s %15s %15s %13s %15s %9s %10s\n' locations asked ok refused keys_each redis_bytes_each \
  redis_ops_each redis_us_each gateway_us_each peak_MiB idle_ops_s
awk -v l="$locations" -v a="$asked" -v ok="$ok" -v r="$refused" -v k="$keys" -v b="$((full - empty))" -v o="$operations" \
  -v ru="$redis_us" -v gu="$gateway_us" -v p="$(peak "$gateway")" -v i="$idle" 'BEGIN { printf "%9d %7d %7d %8d %14.1f %15d %15.2f %13.0f %15.0f %9d %10.1f\n",
    l, a, ok, r, k / l, b / l, o / a, ru / a, gu / a, p, i / 10 }'
((ok == asked && refused == 0))
