#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Checks the script parser and JSONPath against data of others, which is used
# from where it lies and never copied.
#
#   scripts/conformance.sh DIR [BINDIR]
#
# DIR holds hurl-corpus/ and jsonpath/; without them this says so and is
# content. BINDIR holds hurl-check and jsonpath-cts (default: build/dev/tests).

set -eu

here=$(cd "$(dirname "$0")/.." && pwd)

if [ $# -lt 1 ] || [ $# -gt 2 ]; then
    echo "usage: $0 DIR [BINDIR]" >&2
    exit 1
fi

dir=$1
bin=${2:-$here/build/dev/tests}
status=0

# The place that an .err file names, as LINE:COLUMN.
expected_place() {
    sed -n 's/^ *--> .*:\([0-9][0-9]*:[0-9][0-9]*\)$/\1/p' "$1" | head -n 1
}

# Read hurl-check's lines; complain about each verdict that is wrong.
check_verdicts() {
    passed=0
    failed=0

    while read -r verdict rest; do
        case $rest in
        */tests_error_parser/*)
            file=${rest%%.hurl*}.hurl
            err=${file%.hurl}.err
            if [ ! -f "$err" ]; then
                continue            # regular member of a multi-file test
            fi
            want=$(expected_place "$err")
            case "$verdict $rest" in
            "reject $file:$want: "*) passed=$((passed + 1)) ;;
            *)
                failed=$((failed + 1))
                echo "wrong: $verdict $rest (expected a refusal at $want)"
                ;;
            esac
            ;;
        *)
            if [ "$verdict" = accept ]; then
                passed=$((passed + 1))
            else
                failed=$((failed + 1))
                echo "wrong: $verdict $rest (expected to be accepted)"
            fi
            ;;
        esac
    done

    echo "hurl-corpus: $passed passed, $failed failed"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

if [ ! -d "$dir/hurl-corpus" ]; then
    echo "hurl-corpus: skipped, there is no $dir/hurl-corpus"
elif [ ! -x "$bin/hurl-check" ]; then
    echo "hurl-corpus: $bin/hurl-check is not built" >&2
    status=1
else
    list=$(mktemp)
    trap 'rm -f "$list"' EXIT
    find "$dir/hurl-corpus" -name '*.hurl' -type f -print0 | sort -z \
        | xargs -0 "$bin/hurl-check" > "$list"
    check_verdicts < "$list" || status=1
fi

if [ ! -f "$dir/jsonpath/cts.json" ]; then
    echo "jsonpath: skipped, there is no $dir/jsonpath/cts.json"
elif [ ! -x "$bin/jsonpath-cts" ]; then
    echo "jsonpath: skipped, $bin/jsonpath-cts is not built"
else
    "$bin/jsonpath-cts" "$dir/jsonpath/cts.json" || status=1
fi

exit $status
