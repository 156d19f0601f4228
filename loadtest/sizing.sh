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

locations=300 quota=100 rate=100 time=60s heap=512m
cd "$(dirname "${BASH_SOURCE[0]}")/.."
jar=target/ghl-gateway.jar
# shellcheck source=loadtest/lib.sh
source loadtest/lib.sh

while (($#)); do
  case $1 in
    --help | -h) usage && exit 0 ;;
    --locations | --quota | --rate | --for | --heap | --jar)
      (($# > 1)) || wrong "$1 needs a value"
      case $1 in
        --locations) locations=$2 ;;
        --quota) quota=$2 ;;
        --rate) rate=$2 ;;
        --for) time=$2 ;;
        --heap) heap=$2 ;;
        --jar) jar=$2 ;;
      esac
      shift 2
      ;;
    *) wrong "unknown option '$1'" ;;
  esac
done
whole --locations "$locations"
whole --quota "$quota"
whole --rate "$rate"
seconds "$time" >/dev/null
((locations >= 1 && locations <= 5000)) || wrong "--locations is 1 to 5000"
prepare
# shellcheck source=loadtest/redis.sh
source loadtest/redis.sh

redis_info() { # redis_info FIELD: of INFO, as it stands
  local line
  exec 9<>"/dev/tcp/127.0.0.1/$port"
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

gateway_cpu() { # microseconds
  awk -v hertz="$(getconf CLK_TCK)" '{ printf "%d", ($14 + $15) * 1000000 / hertz }' "/proc/$gateway/stat"
}

redis_operations() {
  curl -sS --max-time 10 "$admin/metrics" | awk '$1 == "ghl_gateway_redis_seconds_count" { printf "%d", $2 }'
}

targets=()
for ((i = 1; i <= locations; i++)); do targets+=(--target "GET /contacts/c1?locationId=sizing-$i"); done

ask() { # ask TIME
  "$java" -Xmx256m -XX:TieredStopAtLevel=1 -jar "$jar" traffic --url "$proxy" --key "$key" --rate "$rate" --for "$1" --wait 25s \
    "${targets[@]}" 2>>"$work/traffic.log" | tail -n 1
}

port=$(free_port)
redis_on "$port" --appendonly no || failed "redis-server does not start: $(tail -n 1 "$work/redis-$port.log")"
tokens=()
for ((i = 1; i <= locations; i++)); do tokens+=(--token "pit-sizing-$i=sizing-$i"); done
start "$work/simulator.log" simulator --port 0 --window sliding --max "$quota" --interval 10s "${tokens[@]}"
simulator_url=$(ready "$started" "$work/simulator.log" simulator)
{
  cat <<YAML
proxy: {host: 127.0.0.1, port: 0}
admin: {host: 127.0.0.1, port: 0}
upstream: {base-url: "$simulator_url"}
limits: {burst: {requests: $quota, per: 10s}, daily: 10000000}
redis: {uri: "redis://127.0.0.1:$port"}
callers:
  - {name: sizing, key: $key, tenants: ["*"]}
tenants:
YAML
  for ((i = 1; i <= locations; i++)); do echo "  - {id: sizing-$i, location: sizing-$i, token: pit-sizing-$i}"; done
} >"$work/gateway.yaml"
"$java" "-Xmx$heap" ${GATEWAY_OPTS--XX:+UseSerialGC} -jar "$jar" serve --config "$work/gateway.yaml" >"$work/gateway.log" 2>&1 </dev/null &
gateway=$!
pids+=("$gateway")
proxy=$(ready "$gateway" "$work/gateway.log" proxy)
admin=$(ready "$gateway" "$work/gateway.log" admin)

empty=$(redis_info used_memory) keys=$(redis_keys)
ask "$time" >"$work/warm-up.json" # so that all is there that a location ever has, and the gateway's code is compiled
full=$(redis_info used_memory) keys=$(($(redis_keys) - keys))

operations=$(redis_operations) redis_us=$(redis_cpu) gateway_us=$(gateway_cpu)
answers=$(ask "$time")
operations=$(($(redis_operations) - operations)) redis_us=$(($(redis_cpu) - redis_us)) gateway_us=$(($(gateway_cpu) - gateway_us))

idle=$(redis_operations)
sleep 10
idle=$(($(redis_operations) - idle))

json=$(curl -sS --fail --max-time 10 "$simulator_url/_simulator/stats")
asked=$(number sent "$answers") ok=$(number ok "$answers") refused=$(number refused "$json")
peak=$(awk '/^VmHWM/ { print int($2 / 1024) }' "/proc/$gateway/status")
printf '%9s %7s %7s %8s %14s %15s %15s %13s %15s %9s %10s\n' locations asked ok refused keys_each redis_bytes_each \
  redis_ops_each redis_us_each gateway_us_each peak_MiB idle_ops_s
awk -v l="$locations" -v a="$asked" -v ok="$ok" -v r="$refused" -v k="$keys" -v b="$((full - empty))" -v o="$operations" \
  -v ru="$redis_us" -v gu="$gateway_us" -v p="$peak" -v i="$idle" 'BEGIN { printf "%9d %7d %7d %8d %14.1f %15d %15.2f %13.0f %15.0f %9d %10.1f\n",
    l, a, ok, r, k / l, b / l, o / a, ru / a, gu / a, p, i / 10 }'
((ok == asked && refused == 0))
