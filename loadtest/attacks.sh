#!/usr/bin/env bash
# Connections that keep a gateway waiting, with its own timeouts, and callers as they should be beside them.
set -euo pipefail

usage() {
  cat <<'END'
usage: loadtest/attacks.sh [--connections 1500] [--for 150s]

Opens so many connections to a gateway before a simulator, a third of them slow of head, of body and of hand (they do not
take their answer), while callers ask ten times a second. Prints a line of JSON, and exits with 1 where a connection was not
closed (head: 10 s, body: 120 s, hand: 60 s from when the network's buffers are full, each and some time for a busy
machine), or a caller was not answered with 200.
END
}

# shellcheck source=loadtest/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

connections=1500 for=150
options "connections:number for:time" "$@"
prepare

# Each slow hand keeps some 400 KB of an answer on its way, at either of them.
heap=768m
start_simulator simulator --max 100000 --interval 10s --latency 20ms --token pit-x=loc1
cat >"$work/gateway.yaml" <<END
proxy: {host: 127.0.0.1, port: 0}
admin: {host: 127.0.0.1, port: 0}
upstream: {base-url: "$simulator_url", connections: 1000}
limits: {journal: none, burst: {requests: 100000, per: 10s}}
tenants: [{id: one, location: loc1, token: pit-x}]
callers: [{name: caller, key: caller-key, tenants: one, default-tenant: one}]
END
serve gateway

line=$("$java" -Xmx256m loadtest/Attackers.java "$proxy" "$admin" caller-key "$connections" "$for")
ended=$(curl -s "$admin/metrics" | sed -n 's/^\(ghl_gateway_connections_ended_total{.*door="proxy".*\) .*[1-9].*/&/p')
echo "$line"
echo "$ended" >&2

bad=0
third=$((connections / 3))
for way in head:25000 body:135000 hand:135000; do
  (($(number "${way%:*}_closed" "$line") >= third)) || bad=1
  (($(number "${way%:*}_last_ms" "$line") <= ${way#*:})) || bad=1
done
(($(number not_ok "$line") == 0)) || bad=1
exit "$bad"
