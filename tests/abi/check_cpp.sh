#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# check_cpp.sh INCLUDE LIBRARY SOURCE STANDARD COMPILER [OPTION...]
#
# SOURCE, a test in C++ of STANDARD, compiles without a warning and passes.
set -eu

include=$1 library=$2 source=$3 standard=$4
shift 4

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

"$@" "-std=$standard" -Wall -Wextra -Werror -I "$include" -o "$dir/test" \
    "$source" "$library" -Wl,-rpath,"$(dirname "$library")"
"$dir/test"
echo "$standard: the test compiles and passes"
