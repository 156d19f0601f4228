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

names=() passed=()
cd "$(dirname "${BASH_SOURCE[0]}")/.."
jar=target/ghl-gateway.jar url='' key='' locations=''
# shellcheck source=loadtest/lib.sh
source loadtest/lib.sh

while (($#)); do
  case $1 in
    --help | -h) usage && exit 0 ;;
    --longer | --jar | --url | --key | --locations | --simulator | --spend-real-quota)
      (($# > 1)) || wrong "$1 needs a value"
      case $1 in
        --jar) jar=$2 ;;
        --url) url=$2 ;;
        --key) key=$2 ;;
        --locations) locations=$2 ;;
        --longer) [[ $2 =~ ^[0-9]+(\.[0-9]+)?$ ]] || wrong "--longer is '$2', which is no number" ;;
        --spend-real-quota) whole "$1" "$2" ;;
      esac
      [[ $1 == --jar ]] || passed+=("$1" "$2")
      shift 2
      ;;
    -*) wrong "unknown option '$1'" ;;
    *)
      [[ -f loadtest/scenarios/$1.properties ]] || wrong "there is no loadtest/scenarios/$1.properties"
      names+=("$1")
      shift
      ;;
  esac
done
[[ -z $url ]] || [[ $url == http://* && -n $key && -n $locations ]] || wrong "--url is http://…, and needs --key and --locations"
((${#names[@]})) || names=(steady noisy-neighbour storm-429 slow-upstream large-bodies ramp token-herd)
prepare

"${java}c" -nowarn -proc:none -cp "$jar" -d "$work/classes" loadtest/peers/*.java 2>"$work/javac.log" || failed "$(<"$work/javac.log")"
"$java" -Xmx512m -cp "$work/classes" Scenarios --work "$work" --jar "$jar" ${passed[@]+"${passed[@]}"} "${names[@]}"
