#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Every fuzz target for SECONDS (60 unless given), two side by side, from the
# seed $LINKFUNC_TEST_SEED (1). Fails when one finds something; the input that
# did it stays in build/fuzz/found.
. "$(dirname "$0")/setup.sh"

seconds=${1:-60}
seed=${LINKFUNC_TEST_SEED:-1}

setup build fuzz
build fuzz

rm -rf build/fuzz/found
mkdir -p build/fuzz/found

for target in build/fuzz/tests/fuzz_*; do
    [ -f "$target" ] && [ -x "$target" ] && printf '%s\n' "${target##*/}"
done | xargs -P 2 -I '{}' sh -c '
    name=$1 seconds=$2 seed=$3
    mkdir -p "build/fuzz/corpus/$name"
    if "build/fuzz/tests/$name" -seed="$seed" -max_len=4096 \
        -max_total_time="$seconds" \
        -timeout=30 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="build/fuzz/found/$name." \
        "build/fuzz/corpus/$name" > "build/fuzz/$name.log" 2>&1
    then
        runs=$(sed -n "s/^stat::number_of_executed_units: //p" \
               "build/fuzz/$name.log")
        echo "fuzz: $name: $runs inputs in $seconds s, no finding"
    else
        echo "fuzz: $name: FAILED (seed $seed); the whole output is in" \
             "build/fuzz/$name.log" >&2
        tail -n 30 "build/fuzz/$name.log" >&2
        exit 1
    fi
' fuzz '{}' "$seconds" "$seed"
