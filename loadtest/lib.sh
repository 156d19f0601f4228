# shellcheck shell=bash disable=SC2034 # what is set here the scripts read
# What the scripts of this folder share. To be sourced after a function `usage`; all paths are from the repository's root then.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
jar=target/ghl-gateway.jar
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
redis=${REDIS_SERVER:-redis-server}
# Of all that `start` starts, many small processes side by side: little heap, no second compiler, one collector thread.
heap=192m flags="-XX:+UseSerialGC -XX:TieredStopAtLevel=1"

wrong() {
  echo "${0##*/}: $*" >&2
  usage >&2
  exit 2
}

failed() {
  echo "${0##*/}: $*" >&2
  exit 1
}

# Reads options into variables of their names: --kill-every sets kill_every. KNOWN are those there are, as NAME:KIND: a `number` is whole
# and has no sign, a `time` as in 90s or 3m becomes seconds, a `text` is anything, a `flag` has no value and becomes 1. What was given is also
# in `given`, as it came, and what is no option in `words`, where KNOWN ends with `words`.
options() { # options KNOWN ARGUMENT...
  local known=" ${1//$'\n'/ } " kind variable
  shift
  given=() words=()
  while (($#)); do
    case $1 in
      --help | -h) usage && exit 0 ;;
      -*) [[ $known =~ " ${1#--}:"(number|time|text|flag)" " ]] || wrong "unknown option '$1'" ;;
      *)
        [[ $known == *" words " ]] || wrong "unknown option '$1'"
        words+=("$1") && shift
        continue
        ;;
    esac
    kind=${BASH_REMATCH[1]} variable=${1#--}
    variable=${variable//-/_}
    if [[ $kind == flag ]]; then
      printf -v "$variable" 1
      given+=("$1") && shift
      continue
    fi
    (($# > 1)) || wrong "$1 needs a value"
    case $kind in
      number) whole "$1" "$2" && printf -v "$variable" %s "$2" ;;
      time) seconds "$1" "$2" && printf -v "$variable" %s "$parsed_seconds" ;;
      text) printf -v "$variable" %s "$2" ;;
    esac
    given+=("$1" "$2") && shift 2
  done
}

whole() { # whole OPTION VALUE: a number without sign or fraction
  [[ $2 =~ ^(0|[1-9][0-9]{0,17})$ ]] || wrong "$1 is '$2', which is no whole number"
}

seconds() { # seconds OPTION DURATION: sets parsed_seconds
  [[ $2 =~ ^([0-9]{1,9})(s|m|h)$ ]] || wrong "$1 is '$2', which is no duration such as 90s or 3m"
  case ${BASH_REMATCH[2]} in
    s) parsed_seconds=$((10#${BASH_REMATCH[1]})) ;;
    m) parsed_seconds=$((10#${BASH_REMATCH[1]} * 60)) ;;
    h) parsed_seconds=$((10#${BASH_REMATCH[1]} * 3600)) ;;
  esac
}

# Looks for what is needed, makes the working folder, and sees to it that everything ends with the script.
prepare() {
  command -v "$java" >/dev/null || failed "no java: set JAVA_HOME or put a JDK 17 on the PATH"
  command -v curl >/dev/null || failed "no curl on the PATH"
  [[ -f $jar ]] || failed "$jar is not there: ./mvnw -q package -DskipTests"

  work=$(mktemp -d "${TMPDIR:-/tmp}/ghl-loadtest.XXXXXX")
  pids=()
  trap finish EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

# Ends what this script started, by its process id and nothing else.
finish() {
  local code=$? pid wait
  trap - EXIT INT TERM
  for pid in ${pids[@]+"${pids[@]}"}; do kill "$pid" 2>/dev/null || true; done
  for pid in ${pids[@]+"${pids[@]}"}; do
    for ((wait = 0; wait < 50; wait++)); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
    kill -9 "$pid" 2>/dev/null || true
  done
  if ((code == 0)); then rm -rf "$work"; else echo "logs: $work" >&2; fi
  exit "$code"
}

# Starts a command of the jar, which writes to NAME.log.
start() { # start NAME COMMAND...: sets started
  : >"$work/$1.log" # of an earlier one nothing is read
  # shellcheck disable=SC2086 # flags, not one word
  "$java" -Xmx"$heap" $flags -jar "$jar" "${@:2}" >"$work/$1.log" 2>&1 </dev/null &
  started=$!
  pids+=("$started")
}

# The address that a process names in its ready line.
ready() { # ready PID NAME DOOR
  local wait address log="$work/$2.log"
  for ((wait = 0; wait < 600; wait++)); do
    address=$(sed -n "s|^ready:.* $3=\(http://[^ ]*\).*|\1|p" "$log" 2>/dev/null | head -n 1 || true)
    if [[ -n $address ]]; then
      echo "$address"
      return
    fi
    kill -0 "$1" 2>/dev/null || break
    sleep 0.1
  done
  echo "${0##*/}: no ready line in $log:" >&2
  tail -n 5 "$log" >&2
  return 1
}

# A simulated HighLevel.
start_simulator() { # start_simulator NAME OPTION...: sets simulator, simulator_url
  start "$1" simulator --port 0 "${@:2}"
  simulator=$started
  simulator_url=$(ready "$simulator" "$1" simulator)
}

# A gateway with the configuration of this name, which is there when it is ready.
serve() { # serve NAME [CONFIGURATION]: sets gateway, proxy, admin
  start "$1" serve --config "$work/${2:-gateway}.yaml"
  gateway=$started
  doors "$gateway" "$1"
}

doors() { # doors PID NAME: sets proxy, admin
  proxy=$(ready "$1" "$2" proxy)
  admin=$(ready "$1" "$2" admin)
}

# Callers.java behind a Service with these replicas; they write NAME.json at their end.
start_callers() { # start_callers NAME REPLICAS OPTION...: sets callers, when they call
  : >"$work/$1.log" # of an earlier one nothing is read
  "$java" -Xmx"$heap" -XX:TieredStopAtLevel=1 loadtest/Callers.java --replicas "$2" "${@:3}" \
    >"$work/$1.json" 2>"$work/$1.log" </dev/null &
  callers=$!
  pids+=("$callers")
  until grep -q calling "$work/$1.log"; do
    kill -0 "$callers" 2>/dev/null || failed "nobody calls: $(tail -n 1 "$work/$1.log")"
    sleep 0.1
  done
}

# A Redis on a port that was free, with the settings every script's has.
start_redis() { # start_redis [SETTING...]: sets redis_port, redis_pid
  local attempt
  command -v "$redis" >/dev/null || failed "no redis-server on the PATH; set REDIS_SERVER"
  for ((attempt = 0; attempt < 5; attempt++)); do
    redis_port=$(free_port)
    redis_on "$redis_port" "$@" && return
  done
  failed "redis-server does not start: $(tail -n 1 "$work/redis-$redis_port.log")"
}

# Starts a server on this port in a folder of its own; what is left there from an earlier life is read again.
redis_on() { # redis_on PORT [SETTING...]: sets redis_pid
  local port=$1 wait
  mkdir -p "$work/redis-$port"
  "$redis" --port "$port" --bind 127.0.0.1 --save "" --maxmemory-policy noeviction --dir "$work/redis-$port" "${@:2}" \
    >>"$work/redis-$port.log" 2>&1 </dev/null &
  redis_pid=$!
  pids+=("$redis_pid")
  for ((wait = 0; wait < 100; wait++)); do
    redis_says "$port" PONG PING && return
    kill -0 "$redis_pid" 2>/dev/null || return 1
    sleep 0.05
  done
  return 1
}

# Whether a line of its answer to an inline command holds these words; not, where it says nothing for a second.
redis_says() { # redis_says PORT EXPECTED WORD...
  local port=$1 expected=$2 line
  shift 2
  { exec 9<>"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null || return 1
  printf '%s\r\n' "$*" >&9 2>/dev/null || true
  while IFS= read -r -t 1 -u 9 line; do
    if [[ $line == *"$expected"* ]]; then
      exec 9>&-
      return 0
    fi
  done
  exec 9>&-
  return 1
}

# What the simulated HighLevel counted, as JSON.
stats() { # stats URL
  curl -sS --fail --max-time 10 "$1/_simulator/stats"
}

metric() { # metric SERIES: of the gateway at admin, a whole number; 0 where it is not there
  curl -sS --max-time 10 "$admin/metrics" | awk -v series="$1" '$1 == series { n = $2 } END { printf "%d", n }'
}

peak() { # peak PID: the most memory it had, in MiB
  awk '/^VmHWM/ { print int($2 / 1024) }' "/proc/$1/status"
}

cpu() { # cpu PID: what it used of it, in microseconds
  awk -v hertz="$(getconf CLK_TCK)" '{ printf "%d", ($14 + $15) * 1000000 / hertz }' "/proc/$1/stat"
}

now() { # milliseconds
  local clock=${EPOCHREALTIME:-}
  if [[ -n $clock ]]; then
    clock=${clock/[.,]/}
    echo $((clock / 1000))
  else
    echo $(($(date +%s) * 1000))
  fi
}

number() { # number KEY JSON: the first whole number under this key
  [[ $2 =~ \"$1\"[[:space:]]*:[[:space:]]*([0-9]+) ]] || failed "no $1 in: $2"
  echo "${BASH_REMATCH[1]}"
}

# A heading and a row under it.
table() { # table NAME VALUE...
  local heading='' row='' width
  while (($#)); do
    width=$((${#1} > ${#2} ? ${#1} : ${#2}))
    ((width >= 8)) || width=8
    printf -v heading '%s %*s' "$heading" "$width" "$1"
    printf -v row '%s %*s' "$row" "$width" "$2"
    shift 2
  done
  printf '%s\n' "${heading:1}" "${row:1}"
}

free_port() { # one that nobody listens on, and that was not given out before
  local port
  while true; do
    port=$((20000 + RANDOM % 12000))
    grep -qx "$port" "$work/ports" 2>/dev/null && continue
    (exec 9<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo "$port" | tee -a "$work/ports"
}

# Builds the drivers that measure beside others, and sets `commit`.
compile_peers() {
  "${java}c" -nowarn -proc:none -cp "$jar" -d "$work/classes" loadtest/peers/*.java 2>"$work/javac.log" || failed "$(<"$work/javac.log")"
  commit=$(git describe --always --dirty --exclude '*' 2>/dev/null || echo unknown)
}

# Builds the tests' classes and runs one of them, instead of all that needs the jar.
build_tests() { # sets class_path
  local paths
  paths=$(mktemp "${TMPDIR:-/tmp}/ghl-loadtest.XXXXXX")
  # shellcheck disable=SC2064 # this file
  trap "rm -f '$paths'" EXIT
  ./mvnw -q test-compile dependency:build-classpath -Dmdep.outputFile="$paths" >&2
  class_path="target/test-classes:target/classes:$(<"$paths")"
}

run_test_class() { # run_test_class [JVM FLAG...] CLASS ARGUMENT..., after build_tests
  "$java" -cp "$class_path" "$@"
}
