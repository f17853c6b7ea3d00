#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# check_imports.sh NAMES INCLUDE SOURCE LANGUAGE COMPILER [OPTION...]
#
# An app built from SOURCE imports all of NAMES and, of the names that are not
# the C library's, nothing else.
set -eu

names=$1 include=$2 source=$3 language=$4
shift 4

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

for level in -O0 -O2; do
    "$@" -x "$language" "$level" -shared -fPIC -I "$include" \
        -o "$dir/app.so" "$source"
    nm -D --undefined-only "$dir/app.so" | awk '{ print $NF }' > "$dir/all"

    # The C library's come with a version: malloc@GLIBC_2.2.5. Weak ones are
    # the start files'.
    grep -v '@' "$dir/all" \
        | grep -vE '^(__gmon_start__|_ITM_.*|__cxa_finalize)$' \
        | sort > "$dir/names"

    diff -u "$names" "$dir/names"
done
echo "$language: imports the $(wc -l < "$names") names of the ABI and no other"
