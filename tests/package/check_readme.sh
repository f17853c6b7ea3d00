#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# check_readme.sh README PROJECT BUILD
#
# What README says its commands print is what they print, but for times,
# process ids, nginx's version and the C library's names for its variants of a
# function.
set -eu

here=$(dirname "$0")

normalise() {
    sed -E -e 's/[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4}/DATE/' \
           -e 's|[0-9]{4}/[0-9]{2}/[0-9]{2}|DATE|g' \
           -e 's/[0-9]{2}:[0-9]{2}:[0-9]{2}/TIME/g' \
           -e 's/[0-9]+#[0-9]+/PID/g' \
           -e 's|nginx/[0-9.]+|nginx/VERSION|g' \
           -e 's/__(strlen)_[a-z0-9_]+/\1/g'
}

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

normalise < "$1" > "$dir/said"
"$here/play_readme.sh" "$@" | normalise > "$dir/true"
diff -u "$dir/said" "$dir/true"
echo "README shows what happens"
