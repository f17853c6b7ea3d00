#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# check_exports.sh NAMES FILE [PREFIX]
#
# FILE exports all of NAMES and nothing else but names that begin with PREFIX.
# An app's own function of the same name as any other export would be called
# instead of the app's.
set -eu

names=$1 file=$2 prefix=${3:-/}

exported=$(nm -D --defined-only "$file" | awk '{ print $NF }' \
           | grep -v "^$prefix" | LC_ALL=C sort)

echo "$exported" | diff -u "$names" -
echo "$(basename "$file") exports the ABI and nothing else"
