#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# check_exports.sh NAMES FILE [PREFIX]
#
# FILE exports all of NAMES and nothing else but names that begin with PREFIX.
# A name with a version (stdout@GLIBC_2.2.5) is a variable of the C library that
# the linker copied into the executable: the same for everybody.
# An app's own function of the same name as any other export would be called
# instead of the app's.
set -eu

names=$1 file=$2 prefix=${3:-/}

exported=$(nm -D --defined-only "$file" | awk '{ print $NF }' \
           | grep -v -e "^$prefix" -e @ | LC_ALL=C sort)

echo "$exported" | diff -u "$names" -
echo "$(basename "$file") exports the ABI and nothing else"
