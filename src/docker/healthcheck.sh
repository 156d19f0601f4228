#!/bin/bash
# Whether the gateway in this container works: 0 where /health/live answers 200. Needs nothing but bash. Kubernetes asks by itself.
# GHL_ADMIN_PORT where it is not 9091; for an operators' door with TLS have it off (docker run --no-healthcheck).
exec 3<>"/dev/tcp/127.0.0.1/${GHL_ADMIN_PORT:-9091}" || exit 1
printf 'GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' >&3
read -r -t 2 -u 3 status
[[ $status == 'HTTP/1.1 200 '* ]]
