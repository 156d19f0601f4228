#!/usr/bin/env bash
# Scenarios with a question and conditions, before a simulated HighLevel or at a deployment of your own. Needs bash, a JDK 17 or
# newer, target/ghl-gateway.jar and Linux (/proc), and uses redis-server where there is one; see loadtest/README.md.
set -euo pipefail

usage() {
  cat <<'USAGE'
usage: loadtest/scenarios.sh [options] [NAME...]
  NAME                of loadtest/scenarios/NAME.properties     (default all but soak, which takes half an hour)
  --longer N          stretches all times by this, 0.2 for a look                 (default 1)
  --jar FILE          the gateway                                                 (default target/ghl-gateway.jar)
At a deployment of your own (http:// alone), instead of starting one:
  --url URL --key KEY its callers' door, and a caller's key
  --locations A,B     that the key may use; they stand for the scenario's, over and over
  --simulator URL     the simulator that it stands before; looked at, with one request, before anything is sent
  --spend-real-quota N   without a simulator nothing is sent unless you allow so many requests; the run stops at N
Ends with 0 when all conditions were met that could be measured, with 1 when not or when refused, 2 on wrong arguments.
USAGE
}

# shellcheck source=loadtest/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

longer=1 url='' key='' locations=''
options "longer:text jar:text url:text key:text locations:text simulator:text spend-real-quota:number words" "$@"
[[ $longer =~ ^[0-9]+(\.[0-9]+)?$ ]] || wrong "--longer is '$longer', which is no number"
for name in ${words[@]+"${words[@]}"}; do
  [[ -f loadtest/scenarios/$name.properties ]] || wrong "there is no loadtest/scenarios/$name.properties"
done
[[ -z $url ]] || [[ $url == http://* && -n $key && -n $locations ]] || wrong "--url is http://…, and needs --key and --locations"
((${#words[@]})) || words=(steady noisy-neighbour storm-429 slow-upstream large-bodies ramp token-herd)
prepare

compile_peers
"$java" -Xmx512m -cp "$work/classes" Scenarios --work "$work" --jar "$jar" ${given[@]+"${given[@]}"} "${words[@]}"
