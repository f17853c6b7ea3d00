#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Speed and memory, as ratios measured in one run on this machine. Prints what
# was measured, the target, and whether it is met; never fails for speed.
. "$(dirname "$0")/setup.sh"

setup build test bench
build bench

bin=build/bench/bin
app=$PWD/build/bench/examples/libhello.so
module=$PWD/build/bench/module/ngx_http_link_func_module.so
dir=$(mktemp -d)

stop_nginx() {
    [ ! -s "$dir/nginx.pid" ] || kill "$(cat "$dir/nginx.pid")"
}
trap 'stop_nginx; rm -rf "$dir"' EXIT

# verdict NAME MEASURED UNIT TARGET [atleast]
verdict() {
    awk -v name="$1" -v got="$2" -v unit="$3" -v want="$4" -v least="${5:-}" '
    BEGIN {
        met = least ? got >= want : got <= want
        printf "%-46s %9s %-6s target %s %-6s %s\n", name, got, unit,
               least ? ">=" : "<=", want, met ? "met" : "MISSED"
    }'
}

ratio() {
    awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", b ? a / b : 0 }'
}

# nginx ends up on a free port: it binds before it goes to the background.
start_nginx() {
    load=''
    [ ! -e "$module" ] || load="load_module $module;"

    for try in 1 2 3 4 5 6 7 8 9; do
        port=$(shuf -i 20000-60000 -n 1)
        cat > "$dir/nginx.conf" <<CONF
$load
daemon on;
worker_processes 1;
pid $dir/nginx.pid;
error_log $dir/error.log;
events { worker_connections 256; }
http {
    access_log off;
    keepalive_requests 1000000;
    client_body_temp_path $dir/body;
    proxy_temp_path $dir/proxy;
    fastcgi_temp_path $dir/fastcgi;
    uwsgi_temp_path $dir/uwsgi;
    scgi_temp_path $dir/scgi;
    server {
        listen 127.0.0.1:$port;
        default_type text/plain;
        location = /return { return 200 "hello world\n"; }
        $([ -z "$load" ] || echo "ngx_link_func_lib $app;
        location = /hello { ngx_link_func_call hello; }")
    }
$([ ! -e "$dir/servers" ] || sed "s/@PORT@/$port/" "$dir/servers")
}
CONF
        if nginx -p "$dir" -c "$dir/nginx.conf" 2> "$dir/start.log"; then
            return
        fi
    done

    echo "bench: nginx did not start in $try tries:" >&2
    cat "$dir/start.log" >&2
    exit 1
}

# Requests per second, keep-alive: PATH SECONDS [HOST]
load() {
    wrk -t1 -c16 -d"$2"s -H "Host: ${3:-one}" "http://127.0.0.1:$port/$1" \
        | awk '/Requests\/sec/ { print $2 }'
}

bench_module() {
    if [ ! -e "$module" ]; then
        echo "module: not built (nginx-dev is missing): skipped"
        return
    fi

    load hello 1 > /dev/null
    # In turn, so that the machine's other work hits both.
    for round in 1 2 3 4 5; do
        echo "$round $(load return 1) $(load hello 1)"
    done > "$dir/load"

    # Median of the ratios of neighbours.
    middle=$(awk '{ print $3 / $2, $2, $3 }' "$dir/load" | sort -n | sed -n 3p)
    # shellcheck disable=SC2086
    set -- $middle
    echo "  return 200: $2 requests/s, module: $3 requests/s"
    verdict "module against return 200" "$(printf %.3f "$1")" x 0.97 atleast
}

# A thousand servers, one of them with a thousand locations and properties.
make_servers() {
    echo 'server_names_hash_max_size 8192;'
    for i in $(seq 1000); do
        echo "server { listen 127.0.0.1:@PORT@; server_name s$i.example;"
        echo "    ngx_link_func_lib $app;"
        if [ "$i" = 500 ]; then
            for k in $(seq 1000); do
                echo "    ngx_link_func_add_prop key$k value;"
                echo "    location = /l$k { ngx_link_func_call hello; }"
            done
            echo '    location = /hello { ngx_link_func_call hello; }'
        fi
        echo '}'
    done
}

bench_crowd() {
    [ -e "$module" ] || return 0
    make_servers > "$dir/servers"
    stop_nginx
    while [ -e "$dir/nginx.pid" ]; do sleep 0.1; done
    start_nginx

    load hello 1 s500.example > /dev/null
    for round in 1 2 3 4 5; do
        echo "$round $(load hello 1) $(load hello 1 s500.example)"
    done > "$dir/load"

    middle=$(awk '{ print $3 / $2, $2, $3 }' "$dir/load" | sort -n | sed -n 3p)
    # shellcheck disable=SC2086
    set -- $middle
    echo "  one location: $2 requests/s, among 1,000: $3 requests/s"
    verdict "1,000 servers, locations and properties" "$(printf %.3f "$1")" \
            x 0.95 atleast
}

bench_scripts() {
    if [ ! -e "$module" ]; then
        echo "scripts on nginx: no module (nginx-dev is missing): skipped"
        return
    fi

    build/bench/tests/bench_nginx_host "$module" > "$dir/scripts"
    figure() { awk -v name="$1" '$1 == name { print $2 }' "$dir/scripts"; }
    verdict "one request, nginx start and stop" "$(figure nginx_script_ms)" \
            ms 15
    verdict "1,000 requests against a libcurl loop" \
            "$(figure nginx_ratio)" x 1.2
}

bench_cold() {
    set -- $(build/bench/tests/bench_spawn 200 "$bin/linkfunc" call "$app" hello -- \
                curl -s "http://127.0.0.1:$port/return")
    echo "  linkfunc call: $1 us, curl to a running nginx: $3 us"
    verdict "cold call against curl" "$(ratio "$1" "$3")" x 0.35
    verdict "peak memory of call" "$(ratio "$2" 1024)" MiB 8
}

echo "cold call (median of 200, in turn)"
start_nginx
bench_cold
echo
echo "module (wrk, 16 keep-alive connections, median of 5 in turn)"
bench_module
bench_crowd
echo
echo "scripts on a real nginx (medians)"
bench_scripts
echo
echo "in-process request (median, with the bare function call beside it)"
build/bench/tests/bench_call
echo
echo "cache on the mock's zone (median of 5, random order)"
build/bench/tests/bench_cache | tee "$dir/cache" | sed 's/^/  /'

# "cache N keys: get X ns ..."
get_ns() {
    awk -v keys="$1" '$2 == keys { print $5 }' "$dir/cache"
}
verdict "cache get at 100,000 keys" "$(get_ns 100000)" ns 150
verdict "cache get at 1,000,000 keys" "$(get_ns 1000000)" ns 300
echo
echo "scripts on the mock"
tests/bench/bench_run.sh "$bin/linkfunc" "$app" | sed 's/^/  /'
