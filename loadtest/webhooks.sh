#!/usr/bin/env bash
# Whether every genuine webhook reaches its subscriber while replicas are killed and the subscriber fails half the time, and
# how soon each is acknowledged. Needs bash, curl, a JDK 17 or newer and target/ghl-gateway.jar; see loadtest/README.md.
set -euo pipefail

usage() {
  cat <<'USAGE'
usage: loadtest/webhooks.sh [options]
  --events N        genuine webhooks                                             (default 50000)
  --rate N          a second                                                     (default 500)
  --replicas N      gateways on one Redis; 1 is an embedded one without Redis    (default 2)
  --kill-every N    seconds from one kill (SIGKILL, and a start) to the next; 0: none  (default 20)
  --fails N         percent of the deliveries that the subscriber refuses; 100: it is down until all were sent  (default 50)
  --duplicates N    percent sent twice                                           (default 20)
  --forged N        percent as many forgeries besides                            (default 10)
  --late N          percent sent up to 2 s late, so out of order                 (default 10)
  --warm-up N       without kills: seconds after which acknowledgements are counted  (default 15)
  --settle N        seconds that the rest of the deliveries may take             (default 120)
  --jar FILE        the gateway                                                  (default target/ghl-gateway.jar)
Set REDIS_SERVER to a redis-server that is not on the PATH.
Ends with 0 when each genuine one was delivered and no forged one taken, 1 when not, 2 on wrong arguments.
USAGE
}

# shellcheck source=loadtest/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

events=50000 rate=500 replicas=2 kill_every=20 fails=50 duplicates=20 forged=10 late=10 settle=120 warm_up=15
options "events:number rate:number replicas:number kill-every:number fails:number duplicates:number forged:number late:number
  warm-up:number settle:number jar:text" "$@"
((events >= 1 && events <= 1000000 && rate >= 1 && rate <= 5000 && replicas >= 1 && replicas <= 8)) ||
  wrong "--events is 1 to 1000000, --rate 1 to 5000, --replicas 1 to 8"
((fails <= 100 && duplicates <= 100 && forged <= 100 && late <= 100)) || wrong "a percentage is at most 100"
prepare

share() { # share PERCENT: as a fraction
  printf '%d.%02d' $(($1 / 100)) $(($1 % 100))
}

redis_line=
if ((replicas > 1)); then
  start_redis --appendonly yes --appendfsync everysec
  redis_line="redis: {uri: \"redis://127.0.0.1:$redis_port\"}"
fi

start_simulator simulator --latency 5ms --app main=65f0aa-main:secret --company agency=50
keyset=$("$java" -jar "$jar" keys encryption | tail -n 1)
keys=$(curl -sS --fail --max-time 10 "$simulator_url/_simulator/webhooks" | grep -o '"keys":\[[^]]*\]' | sed 's/^"keys"://')

doors=() admins=()
for ((i = 1; i <= replicas; i++)); do
  doors[i]=$(free_port)
  admins[i]=$(free_port)
  cat >"$work/gateway-$i.yaml" <<YAML
proxy: {host: 127.0.0.1, port: 0}
admin: {host: 127.0.0.1, port: ${admins[i]}}
public: {host: 127.0.0.1, port: ${doors[i]}, url: "http://127.0.0.1:${doors[i]}"}
upstream: {base-url: "$simulator_url"}
limits: {journal: none}
$redis_line
apps:
  - {id: main, client-id: 65f0aa-main, client-secret: secret, scopes: [contacts.readonly], webhook-keys: $keys}
credentials: {journal: "$work/data-$i", encryption-key: "$keyset"}
webhooks: {at-once: 32, first-pause: 100ms, longest-pause: 5s, timeout: 5s}
subscribers:
  - {name: inbox, url: "$simulator_url/_simulator/inbox", secret: loadtest}
callers:
  - {name: nobody, key: webhooks-caller-key, tenants: ["*"]}
YAML
done

order() { # order PATH METHOD JSON
  curl -sS --fail --max-time 120 -X "$2" -H 'Content-Type: application/json' -d "$3" "$simulator_url/_simulator/$1"
}
# HighLevel is warm; the gateways are not, and what they answer first counts.
order webhooks POST "{\"to\": \"$simulator_url/_simulator/warm-up\", \"warm-up\": 2000}" >/dev/null

running=()
serve_replica() { # serve_replica REPLICA
  serve "gateway-$1" "gateway-$1"
  running[$1]=$gateway
}
for ((i = 1; i <= replicas; i++)); do serve_replica "$i"; done

order inbox PUT "{\"fails\": $(share "$fails")}" >/dev/null
to=$(for ((i = 1; i <= replicas; i++)); do printf '"http://127.0.0.1:%d/webhooks/main",' "${doors[i]}"; done)
ready=$(for ((i = 1; i <= replicas; i++)); do printf '"http://127.0.0.1:%d/health/ready",' "${admins[i]}"; done)
order webhooks POST "{\"to\": [${to%,}], \"ready\": [${ready%,}], \"count\": $events, \"rate\": $rate, \"duplicates\": $(share "$duplicates"), \
  \"forged\": $(share "$forged"), \"late\": $(share "$late"), \"locations\": [\"agency-1\", \"agency-2\", \"agency-3\"]}" >/dev/null

acknowledged() { # sets acks and soon: the gateways' own account, since each was started last, from a head to its answer
  local i metrics
  acks=0 soon=0
  for ((i = 1; i <= replicas; i++)); do
    metrics=$(curl -sS --fail --max-time 10 "http://127.0.0.1:${admins[i]}/metrics")
    acks=$((acks + $(sed -n 's/^ghl_gateway_webhook_ack_seconds_count \([0-9]*\).*/\1/p' <<<"$metrics")))
    soon=$((soon + $(sed -n 's/^ghl_gateway_webhook_ack_seconds_bucket{le="0.05"} \([0-9]*\).*/\1/p' <<<"$metrics")))
  done
}

kills=0 next=$(($(now) + kill_every * 1000)) victim=0 warm=$(($(now) + warm_up * 1000)) acks_cold=0 soon_cold=0
while state=$(curl -sS --fail --max-time 10 "$simulator_url/_simulator/webhooks") && [[ $state == *'"running":true'* ]]; do
  if ((kill_every > 0 && $(now) >= next)); then
    victim=$((victim % replicas + 1))
    kill -9 "${running[victim]}"
    wait 2>/dev/null "${running[victim]}" || true
    kills=$((kills + 1))
    serve_replica "$victim"
    next=$(($(now) + kill_every * 1000))
  fi
  if ((kill_every == 0 && warm > 0 && $(now) >= warm)); then
    acknowledged
    acks_cold=$acks soon_cold=$soon warm=0
  fi
  sleep 0.5
done

((fails < 100)) || order inbox PUT '{"fails": 0.0}' >/dev/null
for ((second = 0; second < settle; second++)); do
  inbox=$(curl -sS --fail --max-time 10 "$simulator_url/_simulator/inbox")
  [[ $inbox != *'"missing":0'* ]] || break
  sleep 1
done
acknowledged
acks=$((acks - acks_cold)) soon=$((soon - soon_cold))
printf 'kills %d, acknowledged since the last starts, or since they were warm, %d, within 50 ms %d\n%s\n%s\n' "$kills" "$acks" "$soon" "$(sed 's/"keys":\[[^]]*\],"types":\[[^]]*\],//' <<<"$state")" "$inbox"
missing=$(grep -o '"missing":-\{0,1\}[0-9]*' <<<"$inbox" | cut -d: -f2)
((missing == 0 && $(number forged "$inbox") == 0 && $(number forgedTaken "$state") == 0 && $(number refusedGenuine "$state") == 0))
