#!/usr/bin/env bash
# Whether an embedded gateway that is killed while it renews tokens ever loses one: its customers' refresh tokens are
# single-use. Needs bash, curl, a JDK 17 or newer and target/ghl-gateway.jar; see loadtest/README.md.
set -euo pipefail

usage() {
  cat <<'USAGE'
usage: loadtest/kill.sh [options]
  --kills N           how often the gateway is killed (SIGKILL) amid renewals      (default 100)
  --installations N   how many are renewed each time, all at once                  (default 20)
  --jar FILE          the gateway                                                  (default target/ghl-gateway.jar)
Ends with 0 when none was lost and at most 1 in 100 kills took a reconnect, 1 when not, 2 on wrong arguments.
USAGE
}

readonly admin_key=kill-admin-key caller_key=kill-caller-key

# shellcheck source=loadtest/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

kills=100 installations=20
options "kills:number installations:number jar:text" "$@"
((kills >= 1 && kills <= 10000 && installations >= 1 && installations <= 100)) ||
  wrong "--kills is 1 to 10000, and --installations 1 to 100"
prepare

start_simulator simulator --max 100000 --latency 5ms..60ms \
  --app main=killed-1:secret --company many="$installations"
keyset=$("$java" -jar "$jar" keys encryption | tail -n 1)
cat >"$work/gateway.yaml" <<YAML
proxy: {host: 127.0.0.1, port: 0}
admin: {host: 127.0.0.1, port: 0, key: $admin_key}
public: {host: 127.0.0.1, port: 0, url: "http://127.0.0.1:1"}
upstream: {base-url: "$simulator_url"}
limits: {journal: none, burst: {requests: 100000, per: 10s}}
apps:
  - {id: main, client-id: killed-1, client-secret: secret, authorize-url: "$simulator_url/v2/oauth/chooselocation", scopes: [contacts.readonly]}
credentials: {journal: "$work/journal", encryption-key: "$keyset"}
callers:
  - {name: kill, key: $caller_key, tenants: ["*"]}
YAML

admin() { # admin PATH [CURL OPTION...]
  curl -sS --max-time 60 -H "Authorization: Bearer $admin_key" "$admin/admin/v1$1" "${@:2}"
}

serve gateway
for ((i = 1; i <= installations; i++)); do
  token=$(curl -sS --fail --max-time 5 -d "{\"token\": {\"app\": \"main\", \"location\": \"many-$i\"}}" "$simulator_url/_simulator/oauth")
  admin /installations/import -X POST -H 'Content-Type: application/json' --fail -d "{\"app\": \"main\", \"token\": $token}" >/dev/null
done

for ((kill = 1; kill <= kills; kill++)); do
  for ((i = 1; i <= installations; i++)); do
    admin "/installations/main/many-$i/refresh" -X POST >/dev/null 2>&1 &
  done
  sleep "0.$(printf '%03d' $((RANDOM % 400)))"
  kill -9 "$gateway"
  wait 2>/dev/null "$gateway" || true
  pids=("${pids[0]}")
  serve gateway
done

# What was under way at the last kill is taken up at the start; then each must be renewable and answer.
sleep 3
lost=0
for ((i = 1; i <= installations; i++)); do
  admin "/installations/main/many-$i/refresh" -X POST --fail >/dev/null 2>"$work/refused-$i" || lost=$((lost + 1))
  curl -sS --fail --max-time 60 -o /dev/null -H "Authorization: Bearer $caller_key" \
    "$proxy/contacts/?locationId=many-$i" 2>>"$work/refused-$i" || lost=$((lost + 1))
done
json=$(curl -sS --fail --max-time 5 "$simulator_url/_simulator/oauth")
sum() { # sum KEY: over all installations
  grep -o "\"$1\":[0-9]*" <<<"$json" | sed 's/.*://' | awk '{ n += $1 } END { print n + 0 }'
}
reconnects=$(sum reconnects)
printf 'kills %d, installations %d, rotations %d, repeats within the grace %d, reconnects %d, lost %d\n' \
  "$kills" "$installations" "$(sum rotations)" "$(sum graceRepeats)" "$reconnects" "$lost"
((lost == 0 && reconnects * 100 <= kills))
