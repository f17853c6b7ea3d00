#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Set-up, build, all tests: everything on the dev preset, then what runs our
# own code in process again under AddressSanitizer and UBSan; and the build that
# quickstart.sh makes. The last line is ctest's closing line of the dev run, or
# of the run that failed.
. "$(dirname "$0")/setup.sh"

setup build test

# run PRESET [CTEST OPTION...]: its closing line is added to $closing.
closing=''
status=0

run() {
    preset=$1
    shift
    mkdir -p "build/$preset"
    { ctest --preset "$preset" "$@" 2>&1 || echo "$?" > "build/$preset/failed"
    } | tee "build/$preset/ctest.log"

    line=$(grep 'tests passed' "build/$preset/ctest.log" || echo 'no tests ran')
    if [ -e "build/$preset/failed" ]; then
        rm "build/$preset/failed"
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

build release

build dev
rm -f build/dev/failed
run dev

build asan
rm -f build/asan/failed
# Two are left out: their apps crash on purpose, and a sanitizer would tell that
# in its own words.
run asan -R '^(unit|cli|contract|module|abi|example|package)' -E 'cli.(call_defects|run_process)'

if ! scripts/fuzz.sh "${FUZZ_SECONDS:-60}"; then
    status=1
    closing="${closing}fuzz: FAILED
"
fi

echo
printf '%s' "$closing"
exit $status
