# What the scripts of this folder share. To be sourced, with `jar` and a function `usage` set.

wrong() {
  echo "${0##*/}: $*" >&2
  usage >&2
  exit 2
}

failed() {
  echo "${0##*/}: $*" >&2
  exit 1
}

whole() { # whole NAME VALUE: a number without sign or fraction
  [[ $2 =~ ^[0-9]+$ ]] || wrong "$1 is '$2', which is no whole number"
}

seconds() { # seconds DURATION
  [[ $1 =~ ^([0-9]+)(s|m|h)$ ]] || wrong "--for is '$1', which is no duration such as 90s or 3m"
  case ${BASH_REMATCH[2]} in
    s) echo $((10#${BASH_REMATCH[1]})) ;;
    m) echo $((10#${BASH_REMATCH[1]} * 60)) ;;
    h) echo $((10#${BASH_REMATCH[1]} * 3600)) ;;
  esac
}

# Looks for what is needed, makes the working folder, and sees to it that everything ends with the script.
prepare() {
  java=${JAVA_HOME:+$JAVA_HOME/bin/}java
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

# Many small processes side by side: little heap (unless `heap` is set), no second compiler, one collector thread.
start() { # start LOG COMMAND...
  local log=$1
  shift
  "$java" -Xmx"${heap:-192m}" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -jar "$jar" "$@" >"$log" 2>&1 </dev/null &
  started=$!
  pids+=("$started")
}

# The address that a process names in its ready line.
ready() { # ready PID LOG DOOR
  local wait address
  for ((wait = 0; wait < 600; wait++)); do
    address=$(sed -n "s|^ready:.* $3=\(http://[^ ]*\).*|\1|p" "$2" 2>/dev/null | head -n 1 || true)
    if [[ -n $address ]]; then
      echo "$address"
      return
    fi
    kill -0 "$1" 2>/dev/null || break
    sleep 0.1
  done
  echo "${0##*/}: no ready line in $2:" >&2
  tail -n 5 "$2" >&2
  return 1
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

free_port() { # one that nobody listens on, and that was not given out before
  local port
  while true; do
    port=$((20000 + RANDOM % 12000))
    grep -qx "$port" "$work/ports" 2>/dev/null && continue
    (exec 9<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo "$port" | tee -a "$work/ports"
}
