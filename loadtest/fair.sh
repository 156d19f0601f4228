#!/usr/bin/env bash
# Whether bulk callers on three replicas get equal parts of one quota, and how long a person waits beside them. Needs bash,
# curl, a JDK 17 or newer, redis-server and target/ghl-gateway.jar; see loadtest/README.md.
set -euo pipefail

usage() {
  cat <<'USAGE'
usage: loadtest/fair.sh [options]
  --waiting N         requests that each of two bulk callers keeps waiting        (default 500)
  --apart             each bulk caller asks one replica only, instead of all in turn
  --for TIME          how long it is counted, as in 90s or 3m                     (default 3m)
  --jar FILE          the gateway                                                 (default target/ghl-gateway.jar)
Ends with 0 when Jain's index of what the two got is 0.95 or more, the person's 99th percentile is below 1 s (HighLevel's
40 ms included) with every request answered, and nothing was refused upstream; with 1 when not, 2 on wrong arguments.
USAGE
}

readonly location=fairLocation00000000001 token=pit-fair max=100

# shellcheck source=loadtest/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

waiting=500 apart=0 for=180
options "waiting:number apart:flag for:time jar:text" "$@"
((waiting >= 1 && waiting <= 1000 && for >= 10 && for <= 1800)) || wrong "--waiting is 1 to 1000, and --for 10s to 30m"
prepare

start_redis --appendonly no
start_simulator simulator --window sliding --max "$max" --interval 10s --latency 40ms \
  --token "$token=$location"
cat >"$work/gateway.yaml" <<YAML
proxy: {host: 127.0.0.1, port: 0}
admin: {host: 127.0.0.1, port: 0}
upstream: {base-url: "$simulator_url"}
limits: {burst: {requests: $max, per: 10s}, reserve: {interactive: 15%}}
redis: {uri: "redis://127.0.0.1:$redis_port", prefix: fair}
tenants:
  - {id: fair, location: $location, token: $token}
callers:
  - {name: bulk-1, key: fair-bulk-one, tenants: [fair], default-tenant: fair}
  - {name: bulk-2, key: fair-bulk-two, tenants: [fair], default-tenant: fair}
  - {name: desk, key: fair-desk, tenants: [fair], default-tenant: fair}
YAML
proxies=()
for replica in 1 2 3; do
  serve "gateway-$replica"
  proxies+=("$proxy")
done
all="${proxies[0]}+${proxies[1]}+${proxies[2]}"
first=$all second=$all
if ((apart)); then first=${proxies[0]} second=${proxies[1]}; fi
answers=$("$java" -Xmx384m -XX:TieredStopAtLevel=1 loadtest/Fair.java --bulk "fair-bulk-one=$first,fair-bulk-two=$second" \
  --desk "fair-desk=$all" --waiting "$waiting" --warm-up 45 --for "$for" 2>"$work/callers.log")
json=$(stats "$simulator_url")
refused=$(number refused "$json") jain=$(number jain "$answers") p99=$(number desk_p99_ms "$answers")
missed=$(number desk_failed "$answers")
table waiting "$((waiting * 2))" bulk_1 "$(number bulk_1 "$answers")" bulk_2 "$(number bulk_2 "$answers")" \
  jain "$((jain / 1000)).$(printf %03d $((jain % 1000)))" desk_asked "$(number desk_asked "$answers")" desk_failed "$missed" \
  desk_p99_ms "$p99" accepted "$(number accepted "$json")" refused "$refused" \
  max_in_any_interval "$(number max_in_any_interval "$json")"
((jain >= 950 && p99 < 1000 && missed == 0 && refused == 0))
