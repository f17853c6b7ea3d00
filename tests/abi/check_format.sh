#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# check_format.sh INCLUDE SOURCE COMPILER [OPTION...]
#
# SOURCE compiles with RIGHT and is refused, for its format, without.
set -eu

include=$1 source=$2
shift 2

for which in REQUEST CYCLE; do
    "$@" -D "$which" -D RIGHT -Wall -Werror -I "$include" -fsyntax-only "$source"

    if errors=$("$@" -D "$which" -Wall -Werror -I "$include" -fsyntax-only \
                "$source" 2>&1)
    then
        echo "$which: a wrong printf argument was not noticed" >&2
        exit 1
    fi

    case $errors in
    *-W*format*) echo "$which: a wrong printf argument is refused" ;;
    *) echo "$which: refused, but not for its format: $errors" >&2; exit 1 ;;
    esac
done
