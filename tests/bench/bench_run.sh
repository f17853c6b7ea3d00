#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# How long linkfunc run needs on the mock: bench_run.sh LINKFUNC APP. The limits
# are 1 s for 1,000 entries and 3 s for 10,000; status 1 when one is missed.
set -eu

linkfunc=$1
app=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
status=0

play() {
    awk -v n="$1" 'BEGIN {
        for (i = 0; i < n; i++) print "GET {{base}}/hello\nHTTP 200\n" }' \
        >"$folder/bench.hurl"
    ms=$("$linkfunc" run --app "$app" --test "$folder/bench.hurl" 2>&1 |
        sed -n 's/^Duration: \([0-9]*\) ms/\1/p')
    echo "run: $1 entries on the mock: $ms ms (limit $2 ms)"
    test "$ms" -le "$2" || status=1
}

play 1000 1000
play 10000 3000
exit $status
