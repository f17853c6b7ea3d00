#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# bench_module.sh MODULE APP [SECONDS]
#
# A trivial handler beside `return 200` of the same nginx, and the same handler
# in a thread pool, with keep-alive load by wrk: requests per second, and the time of the worker for one request,
# which other programs on the machine disturb less.
set -euo pipefail

module=${1:?module} app=${2:?app} seconds=${3:-2}
command -v wrk > /dev/null || { echo "bench_module: wrk is not installed"; exit 0; }
nginx=${LINKFUNC_NGINX:-/usr/sbin/nginx}
dir=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || { kill -QUIT $pid; wait $pid || true; }; rm -rf "$dir"' EXIT

user=
[ "$(id -u)" -ne 0 ] || user="user root;"
port=$(python3 -c 'import socket; s = socket.socket()
s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

cat > "$dir/nginx.conf" <<CONF
load_module $module;
$user daemon off; worker_processes 1; pid $dir/nginx.pid;
error_log $dir/error.log;
events { }
http {
    access_log off;
    keepalive_requests 100000000;
    client_body_temp_path $dir/body; proxy_temp_path $dir/proxy;
    fastcgi_temp_path $dir/fastcgi; uwsgi_temp_path $dir/uwsgi;
    scgi_temp_path $dir/scgi;
    server {
        listen 127.0.0.1:$port;
        ngx_link_func_lib $app;
        location /return { default_type text/plain; return 200 "hello"; }
        location /app { ngx_link_func_call gen; }
        location /thread { aio threads; ngx_link_func_call gen; }
    }
}
CONF

"$nginx" -p "$dir/" -c "$dir/nginx.conf" 2> "$dir/stderr" &
pid=$!
until [ -s "$dir/nginx.pid" ]; do
    kill -0 "$pid" 2> /dev/null || { cat "$dir/stderr" >&2; pid=; exit 1; }
done
worker=
until [ -n "$worker" ]; do
    worker=$(pgrep -P "$pid" || true)
done

ticks() {
    awk '{ print $14 + $15 }' "/proc/$worker/stat"
}

for _ in 1 2 3; do
    for path in return app thread; do
        before=$(ticks)
        seen=$(wrk -t1 -c16 -d"${seconds}s" "http://127.0.0.1:$port/$path" \
               | awk '/requests in/ { n = $1 } /Requests\/sec/ { r = $2 }
                      END { print n, r }')
        echo "$path $seen $(($(ticks) - before))"
    done
done | awk -v tick="$(getconf CLK_TCK)" '
    { n[$1] += $2; rps[$1] += $3 / 3; cpu[$1] += $4 / tick }
    END {
        r = cpu["return"] / n["return"]; a = cpu["app"] / n["app"]
        printf "return 200       %8.0f requests/s  %6.3f us of the worker\n",
               rps["return"], r * 1e6
        printf "trivial handler  %8.0f requests/s  %6.3f us of the worker\n",
               rps["app"], a * 1e6
        printf "in a thread pool %8.0f requests/s  %6.3f us of the worker\n",
               rps["thread"], cpu["thread"] / n["thread"] * 1e6
        printf "ratio            %8.3f             %6.3f (aim: >= 0.97)\n",
               rps["app"] / rps["return"], r / a
    }'
