#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# check_counter.sh LINKFUNC LIBCOUNTER
#
# However many workers count at once, each number is answered exactly once.
set -eu

linkfunc=$1 app=$2

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

"$linkfunc" call "$app" count '/?name=visits' --workers 8 --repeat 800 \
    | sort -n > "$dir/answers"
seq 1 800 | diff - "$dir/answers"
echo "8 workers answered 1 to 800, each once"
