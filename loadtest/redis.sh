# Redis servers for the scripts of this folder. To be sourced after lib.sh, with `work` and `pids` set by prepare.

redis=${REDIS_SERVER:-redis-server}
command -v "$redis" >/dev/null || failed "no redis-server on the PATH; set REDIS_SERVER"

# Starts a server on this port in a folder of its own; what is left there from an earlier life is read again.
redis_on() { # redis_on PORT [SETTING...]
  local port=$1 wait
  shift
  mkdir -p "$work/redis-$port"
  "$redis" --port "$port" --bind 127.0.0.1 --save "" --maxmemory-policy noeviction --dir "$work/redis-$port" "$@" \
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
