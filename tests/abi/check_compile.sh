#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# check_compile.sh INCLUDE SOURCE LANGUAGE STANDARD [COMPILER OPTION...]
#
# Compiles SOURCE, and its header alone, as LANGUAGE (c, c++) of STANDARD, with
# every warning an error.
set -eu

include=$1 source=$2 language=$3 standard=$4
shift 4

compile() {
    "$@" -x "$language" "-std=$standard" -pedantic-errors -Wall -Wextra \
        -Wshadow -Wconversion -Werror -I "$include" -fsyntax-only -
}

for header in "$include"/ngx_link_func_module.h "$include"/linkfunc_test.h; do
    echo "#include \"$header\"" | compile "$@"
done
compile "$@" < "$source"
echo "$language $standard: the headers and $(basename "$source") compile"
