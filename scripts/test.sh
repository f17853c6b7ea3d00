#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Set-up, build, all tests:
#   dev      everything, and an optimised build beside it
#   asan     what runs our own code in process, under AddressSanitizer and UBSan
#   tsan     what threads share: cache, zone, lock, log, call --threads
#   clang    everything is built by clang; the unit tests
#   fuzz     each fuzz target for $FUZZ_SECONDS (30)
# and with LINKFUNC_TEST_DEBIAN=1 (CI) a part on another Debian.
# $LINKFUNC_TEST_SEED (1) is the seed of all that is drawn by lot. The outputs of
# what failed are kept in build/failed. The last line is ctest's closing line of
# the dev run, or of the run that failed.
. "$(dirname "$0")/setup.sh"

LINKFUNC_TEST_SEED=${LINKFUNC_TEST_SEED:-1}
export LINKFUNC_TEST_SEED
jobs=$(($(nproc) + 1))                   # some wait while others compute
failed_dir=build/failed

setup build test fuzz
rm -rf "$failed_dir"
echo "test: LINKFUNC_TEST_SEED=$LINKFUNC_TEST_SEED"

closing=''
status=0

# keep_failed PRESET: the output of each test that failed, in a file of its own.
keep_failed() {
    logs=build/$1/Testing/Temporary
    mkdir -p "$failed_dir"
    awk -v to="$failed_dir/$1." '
        FNR == NR { failed[substr($0, index($0, ":") + 1)]; next }
        /^[0-9]+\/[0-9]+ Testing: / { name = $NF }
        name in failed { print > (to name ".log") }
    ' "$logs/LastTestsFailed.log" "$logs/LastTest.log" || :
}

# run PRESET [CTEST OPTION...]: its closing line is added to $closing.
run() {
    preset=$1
    shift
    rm -f "build/$preset/failed"
    { ctest --preset "$preset" -j "$jobs" --timeout 600 "$@" 2>&1 \
          || echo "$?" > "build/$preset/failed"
    } | tee "build/$preset/ctest.log"

    line=$(grep 'tests passed' "build/$preset/ctest.log" || echo 'no tests ran')
    if [ -e "build/$preset/failed" ]; then
        rm "build/$preset/failed"
        keep_failed "$preset"
        status=1
        closing="$closing$preset: FAILED
$line
"
    else
        closing="$preset: passed
$line
$closing"
    fi
}

build bench
build dev
run dev

# Two are left out: their apps crash on purpose, and a sanitizer would report that
# in its own words.
build asan
run asan -R '^(unit|cli|contract|module|abi|example|package)' \
    -E 'cli.(call_defects|run_process)'

threads='cache cache_index cache_model call fake_lock fake_log fake_shm log shm
         shm_dead'
# shellcheck disable=SC2046,SC2086
build tsan $(printf 'test_%s ' $threads) test_call_threads
# shellcheck disable=SC2086
run tsan -R "^(unit[.]($(echo $threads | tr ' ' '|'))|cli[.]call_threads)\$"

build clang
run clang -R '^(unit|abi|example|module.exports)'

if ! scripts/fuzz.sh "${FUZZ_SECONDS:-30}"; then
    status=1
    mkdir -p "$failed_dir"
    cp -r build/fuzz/found "$failed_dir/fuzz"
    closing="${closing}fuzz: FAILED
"
fi

# On another Debian, as far as 6 minutes go: slowness there is no failure.
other_debian() {
    rc=0
    (setup debian) || :
    scripts/test-debian.sh --quick --time 360 other || rc=$?
    case $rc in
    0)      ;;
    77|124) echo "test: the other Debian is skipped, for the reason above" ;;
    *)      status=1
            closing="${closing}other Debian: FAILED
"           ;;
    esac
}

[ "${LINKFUNC_TEST_DEBIAN:-}" != 1 ] || other_debian

echo
[ "$status" = 0 ] || echo "test: LINKFUNC_TEST_SEED=$LINKFUNC_TEST_SEED;" \
    "the output of what failed is in $failed_dir"
printf '%s' "$closing"
exit $status
