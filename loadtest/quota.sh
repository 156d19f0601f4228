#!/usr/bin/env bash
# How much of HighLevel's quota the gateway uses, and how often it is refused, against a simulated HighLevel of each
# window kind. Needs bash, curl, a JDK 17 or newer and target/ghl-gateway.jar; see loadtest/README.md.
set -euo pipefail

usage() {
  cat <<'USAGE'
usage: loadtest/quota.sh [options]
  --for DURATION      length of a run, 40 s longer than what is dropped              (default 3m)
  --drop SECONDS      of the beginning: start-up, cold code, the first fresh burst   (default 20)
  --rate N            requests a second offered to all replicas together             (default 15)
  --replicas N        gateways that share one location's quota through Redis         (default 2; 1 without Redis)
  --windows "A B"     window kinds, all run at once    (default "anchored clock sliding bucket"; also: counter)
  --latency RANGE     of the simulated HighLevel                                     (default 40ms..120ms)
  --tail SHARE        1%x5: one answer in a hundred takes 5 times as long            (default none)
  --also LIMIT        a second window beside the first, as in 20/1s                  (default none)
  --at-least PERCENT  fail when less of the quota was used; 0 for light demand       (default 95)
  --refused PERCENT   fail when more was refused upstream                            (default 0)
  --jar FILE          the gateway                                                    (default target/ghl-gateway.jar)
Set REDIS_SERVER to a redis-server that is not on the PATH.
Ends with 0 when no more than that was refused upstream and the quota was used, 1 when not, 2 on wrong arguments.
USAGE
}

# The quota that simulator and gateway are set to, and the location it belongs to.
readonly max=100 interval=10 location=quotaLocation00000001 token=pit-quota key=quota-caller-key
# shellcheck source=loadtest/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

for=180 drop=20 rate=15 replicas=2 windows="anchored clock sliding bucket" latency=40ms..120ms tail="" also="" at_least=95 refused=0
options "for:time drop:number rate:number replicas:number windows:text latency:text tail:text also:text at-least:number refused:text jar:text" "$@"
[[ $refused =~ ^[0-9]+(\.[0-9]+)?$ ]] || wrong "--refused is '$refused', which is no number"
((for >= drop + 40)) || wrong "--for must be at least 40s longer than --drop"
((replicas >= 1 && rate >= replicas)) || wrong "--replicas must be at least 1, and --rate at least that"
for window in $windows; do
  case $window in
    anchored | clock | sliding | counter | bucket) ;;
    *) wrong "unknown window kind '$window'" ;;
  esac
done
[[ -n ${windows// /} ]] || wrong "--windows names no window kind"
prepare

reading() { # reading WINDOW: writes "MILLISECONDS ACCEPTED REFUSED"
  local json accepted refused
  json=$(stats "$(<"$work/$1/simulator.url")")
  accepted=$(number accepted "$json")
  refused=$(number refused "$json")
  echo "$(now) $accepted $refused"
}

# One reading a second over one interval. The mean of such readings does not depend on where between two bursts it began.
read_interval() { # read_interval FILE
  local second window
  for ((second = 1; second <= interval; second++)); do
    for window in $windows; do reading "$window" >>"$work/$window/$1"; done
    sleep_until $((begun + second * 1000))
  done
}

until_second() { # until_second N: of the run; sets begun
  sleep_until $((traffic_began + $1 * 1000))
  begun=$(now)
}

sleep_until() { # sleep_until MILLISECONDS
  local pause=$(($1 - $(now)))
  ((pause <= 0)) || sleep "$((pause / 1000)).$(printf %03d $((pause % 1000)))"
}

redis_port=
if command -v "$redis" >/dev/null; then
  start_redis --appendonly no
elif ((replicas > 1)); then
  echo "no redis-server (set REDIS_SERVER): one embedded gateway instead of $replicas replicas" >&2
  replicas=1
fi

for window in $windows; do
  mkdir "$work/$window"
  start_simulator "$window/simulator" --window "$window" --max "$max" --interval "${interval}s" \
    --daily 200000 --latency "$latency" ${tail:+--tail "$tail"} ${also:+--also "$also"} --token "$token=$location"
  echo "$simulator_url" >"$work/$window/simulator.url"
done

for window in $windows; do
  cat >"$work/$window/gateway.yaml" <<YAML
proxy: {host: 127.0.0.1, port: 0}
admin: {host: 127.0.0.1, port: 0}
upstream: {base-url: "$(<"$work/$window/simulator.url")"}
limits: {burst: {requests: $max, per: ${interval}s}, daily: 200000, journal: "$work/$window/journal"}
tenants:
  - {id: quota, location: $location, token: $token}
callers:
  - {name: quota, key: $key, tenants: [quota], default-tenant: quota}
YAML
  if [[ -n $redis_port ]]; then
    echo "redis: {uri: \"redis://127.0.0.1:$redis_port\", prefix: quota-$window}" >>"$work/$window/gateway.yaml"
  fi
  mkdir "$work/$window/journal"
  for ((replica = 1; replica <= replicas; replica++)); do
    serve "$window/gateway-$replica" "$window/gateway"
    echo "$proxy" >"$work/$window/gateway-$replica.url"
  done
done

echo "$replicas x serve, ${redis_port:+one Redis, }$rate requests/s offered for $for s, quota $max per $interval s" >&2
traffic_pids=()
for window in $windows; do
  for ((replica = 1; replica <= replicas; replica++)); do
    # What does not divide evenly goes to the first replicas.
    share=$((rate / replicas + (replica <= rate % replicas ? 1 : 0)))
    start "$window/traffic-$replica" traffic --url "$(<"$work/$window/gateway-$replica.url")" --key "$key" \
      --rate "$share" --for "${for}s"
    traffic_pids+=("$started")
  done
done
traffic_began=$(now)

until_second "$drop"
read_interval first
# The traffic began a little after this clock did and must still be running at the last reading.
until_second $((for - interval - 1))
read_interval last

for pid in "${traffic_pids[@]}"; do # what still waits is answered within the callers' patience
  for ((wait = 0; wait < 600; wait++)); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
done

sums() { # sums FILE: writes "MILLISECONDS ACCEPTED", added up
  local at accepted refused times=0 counts=0
  while read -r at accepted refused; do
    times=$((times + at))
    counts=$((counts + accepted))
  done <"$1"
  echo "$times $counts"
}

verdict=0
printf '%-10s %10s %10s %12s %18s\n' window accepted refused quota_used refused_by_gateway
for window in $windows; do
  read -r _ accepted_first refused_first < <(head -n 1 "$work/$window/first")
  read -r _ accepted_end refused_end < <(reading "$window")
  accepted=$((accepted_end - accepted_first))
  refused_upstream=$((refused_end - refused_first))

  read -r times_first counts_first < <(sums "$work/$window/first")
  read -r times_last counts_last < <(sums "$work/$window/last")
  # Hundredths of a per cent.
  used=$(((counts_last - counts_first) * interval * 1000 * 10000 / (max * (times_last - times_first))))

  by_gateway=0
  for ((replica = 1; replica <= replicas; replica++)); do
    line=$(grep '"refused_by_gateway"' "$work/$window/traffic-$replica.log" | tail -n 1 || true)
    [[ -n $line ]] || failed "no report in $work/$window/traffic-$replica.log"
    refused_here=$(number refused_by_gateway "$line")
    by_gateway=$((by_gateway + refused_here))
  done

  printf '%-10s %10d %10d %9d.%02d %% %17d\n' "$window" "$accepted" "$refused_upstream" $((used / 100)) $((used % 100)) "$by_gateway"
  if ((used < at_least * 100)) || ! awk -v r="$refused_upstream" -v a="$accepted" -v most="$refused" 'BEGIN { exit r * 100 > most * (a + r) }'; then
    verdict=1
  fi
done
exit "$verdict"
