#!/usr/bin/env bash
# Whether an embedded gateway that is killed and started again under saturation spends the same quota twice. Needs bash,
# curl, a JDK 17 or newer and target/ghl-gateway.jar; see loadtest/README.md.
set -euo pipefail

usage() {
  cat <<'USAGE'
usage: loadtest/restart.sh [options]
  --kills N           how often the gateway is killed (SIGKILL), 7 s apart        (default 5)
  --rate N            requests a second offered                                   (default 30)
  --windows "A B"     window kinds, one after the other                           (default "sliding anchored")
  --jar FILE          the gateway                                                 (default target/ghl-gateway.jar)
Ends with 0 when nothing was refused upstream, 1 when not, 2 on wrong arguments.
USAGE
}

readonly location=restartLocation000001 token=pit-restart key=restart-caller-key
readonly alive=7

# shellcheck source=loadtest/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

kills=5 rate=30 windows="sliding anchored"
options "kills:number rate:number windows:text jar:text" "$@"
((kills >= 1 && kills <= 100 && rate >= 1)) || wrong "--kills is 1 to 100, and --rate at least 1"
prepare

verdict=0
printf '%-10s %8s %10s %10s %22s\n' window kills accepted refused max_in_any_interval
for window in $windows; do
  start_simulator simulator --window "$window" --latency 40ms..120ms --token "$token=$location"
  rm -rf "$work/journal"
  port=0 # and then the one it had
  for ((life = 0; life <= kills; life++)); do
    cat >"$work/gateway.yaml" <<YAML
proxy: {host: 127.0.0.1, port: $port}
admin: {host: 127.0.0.1, port: 0}
upstream: {base-url: "$simulator_url"}
limits: {journal: "$work/journal"}
tenants:
  - {id: restart, location: $location, token: $token}
callers:
  - {name: restart, key: $key, tenants: [restart]}
YAML
    serve "gateway-$window-$life"
    if ((life == 0)); then
      port=${proxy##*:}
      start "traffic-$window" traffic --url "$proxy" --key "$key" --rate "$rate" \
        --for $((kills * (alive + 5) + alive))s
      traffic=$started
    fi
    sleep "$alive"
    if ((life < kills)); then
      kill -9 "$gateway"
      wait "$gateway" 2>/dev/null || true
    fi
  done
  json=$(stats "$simulator_url")
  refused=$(number refused "$json")
  printf '%-10s %8d %10d %10d %22d\n' "$window" "$kills" "$(number accepted "$json")" "$refused" \
    "$(number max_in_any_interval "$json")"
  ((refused == 0)) || verdict=1
  kill "$traffic" "$gateway" "$simulator" 2>/dev/null || true
  wait "$traffic" "$gateway" "$simulator" 2>/dev/null || true
done
exit "$verdict"
