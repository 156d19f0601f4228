#!/usr/bin/env bash
# What upstream and callers see while the Redis of three saturated replicas is killed, stopped, restarted empty or replaced by
# a replica of its own. Needs bash, curl, a JDK 17 or newer, redis-server and target/ghl-gateway.jar; see loadtest/README.md.
set -euo pipefail

usage() {
  cat <<'USAGE'
usage: loadtest/trouble.sh [options]
  --cases "A B"       of killed, stopped, empty, failover, one after the other    (default all)
  --rate N            requests a second offered, of which the quota allows 10     (default 40)
  --jar FILE          the gateway                                                 (default target/ghl-gateway.jar)
Ends with 0 when nothing was refused upstream, no caller was left waiting and Redis was in use again within 2 s of being
back; with 1 when not, 2 on wrong arguments.
USAGE
}

readonly location=troubleLocation000001 token=pit-trouble key=trouble-caller-key
readonly run=36 patience=5 max=100

# shellcheck source=loadtest/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

cases="killed stopped empty failover" rate=40
options "cases:text rate:number jar:text" "$@"
((rate >= 1)) || wrong "--rate is at least 1"
for case in $cases; do
  [[ $case =~ ^(killed|stopped|empty|failover)$ ]] || wrong "there is no case '$case'"
done
prepare

# How many of the replicas say so of themselves.
replicas_that_are() { # replicas_that_are STATUS
  local admin count=0
  for admin in "${admins[@]}"; do
    [[ $(curl -s --max-time 2 "$admin/health/ready" || true) == *"\"$1\""* ]] && count=$((count + 1))
  done
  echo "$count"
}

until_replicas_are() { # until_replicas_are STATUS SECONDS
  local end=$(($(now) + $2 * 1000))
  while (($(replicas_that_are "$1") < 3)); do
    (($(now) < end)) || return 1
    sleep 0.02
  done
}

start_servers() {
  local keeps=no
  [[ $1 != killed ]] || keeps=yes
  start_redis --appendonly "$keeps"
  port=$redis_port
  uri="redis://127.0.0.1:$port"
  if [[ $1 == failover ]]; then
    master=$redis_pid
    follower=$(free_port)
    redis_on "$follower" --appendonly no --replicaof 127.0.0.1 "$port" --repl-diskless-sync yes --repl-diskless-sync-delay 0
    until redis_says "$follower" master_link_status:up INFO replication; do sleep 0.1; done
    sentinel=$(free_port)
    mkdir -p "$work/sentinel-$sentinel"
    printf '%s\n' "port $sentinel" "bind 127.0.0.1" "dir $work/sentinel-$sentinel" \
      "sentinel monitor main 127.0.0.1 $port 1" "sentinel down-after-milliseconds main 1000" \
      "sentinel failover-timeout main 5000" >"$work/sentinel-$sentinel/sentinel.conf"
    "$redis" "$work/sentinel-$sentinel/sentinel.conf" --sentinel >"$work/sentinel.log" 2>&1 </dev/null &
    pids+=("$!")
    sleep 3 # until it knows of the follower
    uri="redis-sentinel://127.0.0.1:$sentinel/0#main"
    redis_pid=$master
  fi
}

kill_redis() {
  kill -9 "$redis_pid"
  wait "$redis_pid" 2>/dev/null || true
}

trouble() { # does it, and returns when Redis is there again
  case $1 in
    killed)
      kill_redis
      until_replicas_are degraded 5 || noticed=no
      sleep 5
      redis_on "$port" --appendonly yes
      ;;
    stopped)
      kill -STOP "$redis_pid"
      until_replicas_are degraded 5 || noticed=no
      sleep 5
      kill -CONT "$redis_pid"
      ;;
    empty)
      kill_redis
      redis_on "$port" --appendonly no
      until_replicas_are degraded 1 || noticed="in time"
      ;;
    failover)
      kill_redis
      until_replicas_are degraded 5 || noticed=no
      until redis_says "$follower" master ROLE; do sleep 0.02; done
      ;;
  esac
}

verdict=0
printf '%-9s %9s %8s %20s %8s %8s %7s %7s %6s %11s\n' \
  case accepted refused max_in_any_interval back_ms asked ok broken late longest_ms
for case in $cases; do
  start_servers "$case"
  start_simulator "simulator-$case" --window sliding --max "$max" --interval 10s --latency 40ms..120ms \
    --token "$token=$location"
  cat >"$work/gateway.yaml" <<YAML
proxy: {host: 127.0.0.1, port: 0}
admin: {host: 127.0.0.1, port: 0}
upstream: {base-url: "$simulator_url"}
limits: {burst: {requests: $max, per: 10s}}
redis: {uri: "$uri", prefix: trouble}
tenants:
  - {id: trouble, location: $location, token: $token}
callers:
  - {name: trouble, key: $key, tenants: [trouble], default-tenant: trouble}
YAML
  admins=() replicas="" gateways=()
  for replica in 1 2 3; do
    start "gateway-$case-$replica" serve --config "$work/gateway.yaml"
    gateways+=("$started")
  done
  for replica in 1 2 3; do
    doors "${gateways[replica - 1]}" "gateway-$case-$replica"
    admins+=("$admin")
    replicas+="${replicas:+,}$proxy=$admin"
  done
  start_callers "callers-$case" "$replicas" --key "$key" --rate "$rate" --for "$run" --wait "$patience"
  sleep 12 # one interval and more, so that it is saturated
  noticed=yes
  trouble "$case"
  back=$(now)
  back_ms=never
  until_replicas_are ok 10 && back_ms=$(($(now) - back))
  wait "$callers"
  answers=$(<"$work/callers-$case.json")
  json=$(stats "$simulator_url")
  refused=$(number refused "$json") busiest=$(number max_in_any_interval "$json")
  broken=$(number broken "$answers") late=$(number late "$answers")
  printf '%-9s %9d %8d %20d %8s %8d %7d %7d %6d %11d\n' "$case" "$(number accepted "$json")" "$refused" "$busiest" \
    "$back_ms" "$(number asked "$answers")" "$(number ok "$answers")" "$broken" "$late" "$(number longest_ms "$answers")"
  [[ $noticed != no ]] || echo "$case: not every replica noticed" >&2
  if ((refused > 0 || busiest > max || broken > 0 || late > 0)) || [[ $noticed == no || $back_ms == never ]] ||
    ((back_ms > 2000)); then verdict=1; fi
  kill -CONT "$redis_pid" 2>/dev/null || true
  kill "${gateways[@]}" "$simulator" "$redis_pid" 2>/dev/null || true
  wait "${gateways[@]}" "$simulator" 2>/dev/null || true
done
exit "$verdict"
